// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import org.fedwerk.api.task.DriftSpec;

/** Makes what finds drift. Implemented by the learn room; pure Java, nothing is kept between. */
public interface DriftDetection {
  /**
   * A detector of one variable.
   *
   * @param spec how to compare
   * @param variables how many are watched together; they share the chance of a false alarm
   * @param reference values of the training examples, oldest first; those that are not finite are
   *     passed over
   */
  DriftDetector detector(DriftSpec spec, int variables, float[] reference);
}
