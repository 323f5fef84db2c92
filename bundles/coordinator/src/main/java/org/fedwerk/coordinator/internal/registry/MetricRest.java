// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.RoundsSpec;

/** Says which version is best by the validation metric, and when that metric rests. */
public final class MetricRest {
  private MetricRest() {}

  /** The first version with the best metric; empty if none has a number. */
  public static Optional<ModelVersion> best(String metric, List<ModelVersion> versions) {
    ModelVersion best = null;
    for (ModelVersion version : versions) {
      if (!Double.isNaN(version.metric())
          && (best == null || Metrics.isBetter(metric, version.metric(), best.metric()))) {
        best = version;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The same of a task that has not ended before. */
  public static boolean rests(RoundsSpec rounds, List<ModelVersion> versions) {
    return rests(rounds, rounds.max(), 0, versions);
  }

  /**
   * True if no further round is to be run: the most rounds are done, or at least {@code least}, the
   * last {@code patience} of them without a better metric.
   *
   * @param max most rounds
   * @param before number that counts as 0: versions are numbered from the one behind it
   * @param versions those made since the task began or went on
   */
  public static boolean rests(RoundsSpec rounds, int max, int before, List<ModelVersion> versions) {
    int last = versions.isEmpty() ? 0 : versions.get(versions.size() - 1).version() - before;
    int best = best(rounds.metric(), versions).map(each -> each.version() - before).orElse(0);
    return last >= max || (last >= rounds.least() && last - best >= rounds.patience());
  }
}
