// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

/** Why a milled part fails (Matzka 2020). */
public enum FailureMode {
  /** The tool fails at the end of its life instead of being replaced. */
  TOOL_WEAR,
  /** Too little temperature difference at too low a speed carries the heat away. */
  HEAT_DISSIPATION,
  /** The power is below or above what the process needs. */
  POWER,
  /** A worn tool is loaded with too much torque for the variant. */
  OVERSTRAIN,
  /** Without a cause in the measured values. */
  RANDOM
}
