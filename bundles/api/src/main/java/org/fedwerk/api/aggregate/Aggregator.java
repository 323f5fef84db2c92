// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.aggregate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.task.Task;

/**
 * Turns updates into one delta, range by range. Implemented by the aggregate room. Functions over
 * ranges: no state between ranges.
 */
public interface Aggregator {
  /** The name in a task, for example {@code fedavg}. */
  String name();

  /**
   * Aggregates one range of all complete updates in the order given (site ids ascending), in
   * float64.
   *
   * @param updates one delta range per site, all of the same length, finite; read before it returns
   *     and never kept, for the caller fills the same arrays with the next range
   * @param weights one per update, above 0
   * @return the aggregated delta of this range
   * @throws IllegalArgumentException for no update, different lengths, a value that is not finite,
   *     or a weight that is not above 0; the message says which
   */
  double[] aggregate(List<float[]> updates, double[] weights);

  /** What the rule must know of an update besides its values and its weight. */
  default Set<Need> needs() {
    return Set.of();
  }

  /** A fact about an update. */
  enum Need {
    /** {@link UpdateFacts#steps}, which the site tells. */
    STEPS,
    /** {@link UpdateFacts#startLoss}, which the site tells. */
    START_LOSS,
    /** {@link UpdateFacts#squaredNorm}, which the coordinator computes in a pass of its own. */
    SQUARED_NORM
  }

  /**
   * By what each update is scaled before {@link #aggregate} sees it.
   *
   * @param task how sites train, and the rule's own settings
   * @param updates what {@link #needs} asks for, one per update
   * @param weights theirs, above 0
   * @return one finite factor per update
   * @throws IllegalArgumentException if the facts allow none; the message says which update
   */
  default double[] factors(Task task, List<UpdateFacts> updates, double[] weights) {
    double[] factors = new double[weights.length];
    Arrays.fill(factors, 1);
    return factors;
  }
}
