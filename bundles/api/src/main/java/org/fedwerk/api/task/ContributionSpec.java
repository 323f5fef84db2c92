// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.Locale;
import java.util.Set;

/**
 * What each site adds to the model, found once when training has ended: models that subsets of the
 * sites would have made are judged by all of them.
 *
 * @param of what is found, at least one
 * @param permutations orders that are drawn for Shapley's value, each taken forwards and backwards
 */
public record ContributionSpec(Set<Kind> of, int permutations) {
  /** Models that are judged at most, each in a phase of its own. */
  public static final int MODELS_MOST = 200;

  /** What is found. */
  public enum Kind {
    /** How much worse the model of all is without one site. */
    LEAVE_ONE_OUT,
    /** Shapley's value: what a site adds to those before it, mean over orders. */
    SHAPLEY,
    /** The model of each site alone, judged at each site. */
    MATRIX;

    /** As tasks write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public ContributionSpec {
    of = Set.copyOf(of);
  }
}
