// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;
import java.util.Map;
import org.fedwerk.sim.baseline.SiteExamples;

/** What a set tells beside its metric, of the same predictions. */
interface Aside {
  /** Tells nothing. */
  Aside NOTHING = (sites, predicted) -> Map.of();

  /**
   * Numbers by name.
   *
   * @param sites whose test parts were predicted
   * @param predicted per site what its test parts were predicted to be, in their order and in the
   *     label's unit
   */
  Map<String, Double> of(List<SiteExamples> sites, List<double[]> predicted);
}
