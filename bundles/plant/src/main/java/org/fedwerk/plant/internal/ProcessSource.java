// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import org.fedwerk.api.RefusedException;
import org.fedwerk.plant.process.PlantProcess;

/** Gives a plant its process; may take a while to read data. */
@FunctionalInterface
public interface ProcessSource {
  /**
   * Opens the process.
   *
   * @throws RefusedException with what is wrong in the data
   */
  PlantProcess open() throws RefusedException;
}
