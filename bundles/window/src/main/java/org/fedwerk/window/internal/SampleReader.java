// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Optional;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;

/** What a sample says to assembly. */
final class SampleReader {
  private SampleReader() {}

  /** NaN if it is no good number. */
  static double number(Sample sample) {
    return sample.isGood() && sample.value() instanceof SampleValue.Number number
        ? number.value()
        : Double.NaN;
  }

  /** Empty if the sample names nothing. */
  static Optional<String> serial(Sample sample) {
    if (!sample.isGood()) {
      return Optional.empty();
    }
    if (sample.value() instanceof SampleValue.Text text) {
      return Optional.of(text.value().strip());
    }
    if (sample.value() instanceof SampleValue.Number number && Double.isFinite(number.value())) {
      double value = number.value();
      return Optional.of(
          value == Math.rint(value) && Math.abs(value) < 1e15
              ? Long.toString((long) value)
              : Double.toString(value));
    }
    return Optional.empty();
  }
}
