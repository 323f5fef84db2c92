// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.model;

import java.util.List;
import org.fedwerk.api.Digest;

/**
 * An immutable global model in the coordinator's registry.
 *
 * @param task digest of the task
 * @param version number of the committed round that made it; 0 is the initial one
 * @param digest global digest
 * @param base digest of the model it was made from; the same as digest for version 0
 * @param contributors site ids in ascending order; after them the late updates, as {@link #late}
 *     names them, ascending by round and site
 * @param weights their weights, same order
 * @param metric validation metric, mean over sites; NaN for version 0
 */
public record ModelVersion(
    Digest task,
    int version,
    Digest digest,
    Digest base,
    List<String> contributors,
    List<Double> weights,
    double metric) {
  public ModelVersion {
    contributors = List.copyOf(contributors);
    weights = List.copyOf(weights);
  }

  /** The contributor that a site's late update to the plan of an earlier round is, {@code a@3}. */
  public static String late(String site, int round) {
    return site + "@" + round;
  }

  /** The site of a contributor. */
  public static String site(String contributor) {
    int at = contributor.indexOf('@');
    return at < 0 ? contributor : contributor.substring(0, at);
  }
}
