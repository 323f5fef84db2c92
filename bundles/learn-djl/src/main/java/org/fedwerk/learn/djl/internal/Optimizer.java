// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.TrainingSpec;

/** What turns gradients into steps; its state begins at zero and lives as long as the manager. */
interface Optimizer {
  /** One step has begun; its number counts from 1. */
  void begin(int step);

  /**
   * Changes one parameter in place.
   *
   * @param index of the parameter's entry in the layout
   * @param gradient of the loss; may be overwritten, belongs to a manager that ends with the step
   */
  void update(int index, NDArray parameter, NDArray gradient);

  /** The one that a task names. */
  static Optimizer of(TrainingSpec spec, NDManager manager, Layout layout) {
    return spec.optimizer().equals(MomentumSgd.NAME)
        ? new MomentumSgd(spec, manager, layout)
        : new Adam(spec, manager, layout);
  }
}
