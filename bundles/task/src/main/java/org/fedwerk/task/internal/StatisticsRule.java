// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.task.Task;

/**
 * How many statistics a federation may standardise by. They stand in every plan, which is one
 * message beside a cohort of up to 1000 sites.
 */
final class StatisticsRule {
  static final int MOST = 1000;

  private StatisticsRule() {}

  static void check(Mapping task, String normalisation, Schema schema) {
    if (!normalisation.equals(Task.FEDERATED)) {
      return;
    }
    int pools = new ValuePools(schema).count();
    if (pools > MOST) {
      task.refuse(
          "normalisation",
          Task.FEDERATED
              + " takes a mean of each signal (in each regime, of each derived value), which are "
              + pools
              + "; at most "
              + MOST
              + " are told, so derive fewer values or use "
              + Task.SITE);
    }
  }
}
