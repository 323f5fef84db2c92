// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/** What a machine at fault delivers of a signal, with a good status. */
public sealed interface Disturbance {
  /** The values of the process. */
  Disturbance NONE = new Gain(1);

  /** NaN instead of each value. */
  Disturbance NAN = new NotANumber();

  /** A text instead of each value, although the variable's type is Double. */
  Disturbance TEXT = new Text();

  /** See {@link #NAN}. */
  record NotANumber() implements Disturbance {}

  /** See {@link #TEXT}. */
  record Text() implements Disturbance {}

  /**
   * Each value times a factor: a sensor that has lost its calibration.
   *
   * @param factor finite and not negative
   */
  record Gain(double factor) implements Disturbance {
    /** Refuses what is no gain. */
    public Gain {
      if (!(factor >= 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException("a gain is 0 or more, not " + factor);
      }
    }
  }
}
