// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.DriftDetection;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.sim.baseline.SiteExamples;

/** How far sites' parts are from each other's, as a site that watches for drift would find. */
final class SiteDrift {
  /** What a task that says {@code drift: {method: psi}} has, over as many parts as there are. */
  private static final DriftSpec SPEC =
      new DriftSpec(DriftSpec.Method.PSI, DriftSpec.Scope.INPUTS, 0.2, 10, 500, 1, 100_000, 1, 1);

  private final DriftDetection detection;

  SiteDrift(DriftDetection detection) {
    this.detection = detection;
  }

  /**
   * Of each pair of sites the largest population stability index over the signals' means per part.
   *
   * @return [reference x compared]: the compared site's training parts against the reference's, and
   *     on the diagonal a site's own test parts against its training parts
   */
  double[][] between(List<SiteExamples> sites) {
    double[][] all = new double[sites.size()][sites.size()];
    for (int from = 0; from < sites.size(); from++) {
      List<Example> reference = sites.get(from).of(DataRole.TRAIN);
      for (int to = 0; to < sites.size(); to++) {
        all[from][to] =
            largest(reference, sites.get(to).of(from == to ? DataRole.TEST : DataRole.TRAIN));
      }
    }
    return all;
  }

  private double largest(List<Example> reference, List<Example> compared) {
    double largest = 0;
    int signals = reference.get(0).window().shape()[0];
    for (int signal = 0; signal < signals; signal++) {
      float[] before = new float[reference.size()];
      for (int n = 0; n < before.length; n++) {
        before[n] = mean(reference.get(n), signal);
      }
      DriftDetector detector = detection.detector(SPEC, signals, before);
      for (Example each : compared) {
        detector.add(mean(each, signal));
      }
      double index = detector.judge().statistic();
      largest = Double.isNaN(index) ? largest : Math.max(largest, index);
    }
    return largest;
  }

  /** Over the values that are there; NaN if there is none. */
  private static float mean(Example part, int signal) {
    float[] values = part.window().values();
    int steps = values.length / part.window().shape()[0];
    double sum = 0;
    int count = 0;
    for (int step = 0; step < steps; step++) {
      float value = values[signal * steps + step];
      if (Float.isFinite(value)) {
        sum += value;
        count++;
      }
    }
    return (float) (sum / count);
  }
}
