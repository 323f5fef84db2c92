// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/** One running plant, for the commands of this room. Any thread may call. */
public interface PlantView {
  /** How it is. */
  PlantStatus snapshot();

  /** Lets the first part begin, if it waits for that. */
  void begin();

  /** Switches the steady pace on or off; the part in work is finished. */
  void trickle(boolean on);

  /**
   * Lets the machine deliver bad or other values of a signal from now on.
   *
   * @throws IllegalArgumentException if it has no such signal
   * @throws IllegalStateException if it does not run yet
   */
  void disturb(String signal, Disturbance disturbance);
}
