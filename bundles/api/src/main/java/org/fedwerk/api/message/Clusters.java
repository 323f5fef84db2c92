// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.List;

/**
 * Whose model is whose, where a coordinator splits sites by the similarity of their updates.
 *
 * @param models how many of the task's models are in use; 0 where nothing is told
 * @param places of each site of the plan's cohort the model that is its, from 1; 0 for a site that
 *     has none yet and finds the one in use that fits it best
 */
public record Clusters(int models, List<Integer> places) {
  /** Nothing is told. */
  public static final Clusters NONE = new Clusters(0, List.of());

  public Clusters {
    places = List.copyOf(places);
    int most = models;
    if (!places.stream().allMatch(place -> place >= 0 && place <= most)) {
      throw new IllegalArgumentException("a site's model is not among the " + models + " in use");
    }
  }
}
