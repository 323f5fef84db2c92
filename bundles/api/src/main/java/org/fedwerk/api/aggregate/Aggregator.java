// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.aggregate;

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
  double[] aggregate(java.util.List<float[]> updates, double[] weights);
}
