// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/** What a machine at fault delivers of a signal, with a good status. */
public enum Disturbance {
  /** The values of the process. */
  NONE,
  /** NaN instead of each value. */
  NAN,
  /** A text instead of each value, although the variable's type is Double. */
  TEXT
}
