// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.Arrays;
import org.fedwerk.api.learn.DriftDetection;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.task.DriftSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The methods that a task may name. No state; any thread may call. */
@Component
public final class NamedDriftDetection implements DriftDetection {
  /** Needs nothing. */
  @Activate
  public NamedDriftDetection() {}

  @Override
  public DriftDetector detector(DriftSpec spec, int variables, float[] reference) {
    double[] values = new double[reference.length];
    int count = 0;
    for (float value : reference) {
      if (Float.isFinite(value)) {
        values[count++] = value;
      }
    }
    double[] finite = Arrays.copyOf(values, count);
    return switch (spec.method()) {
      case PSI -> new StabilityIndex(spec.bound(), spec.bins(), finite);
      // Bonferroni: all variables together are wrong no more often than that.
      case KS -> new KolmogorovSmirnov(spec.bound() / variables, finite);
      case ADWIN -> new AdwinDetector(spec.bound() / variables, finite);
    };
  }
}
