// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * Adam (Kingma and Ba 2015, algorithm 1): m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w = w - r
 * m' / (sqrt(v') + e) with m' = m / (1 - b1^t), v' = v / (1 - b2^t).
 */
final class Adam implements Optimizer {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  private final double rate;
  private final DeviceVector mean;
  private final DeviceVector square;
  private int step;

  Adam(TrainingSpec spec, NDManager manager, Layout layout) {
    this.rate = spec.rate();
    this.mean = DeviceVector.zeros(manager, layout);
    this.square = DeviceVector.zeros(manager, layout);
  }

  @Override
  public void begin(int number) {
    step = number;
  }

  @Override
  public void update(int index, NDArray parameter, NDArray gradient) {
    NDManager scope = gradient.getManager();
    NDArray m = mean.tensors().get(index);
    NDArray v = square.tensors().get(index);
    NDArray squared = attached(scope, gradient.square()).muli((float) (1 - BETA2));
    m.muli((float) BETA1).addi(gradient.muli((float) (1 - BETA1)));
    v.muli((float) BETA2).addi(squared);
    double correction = Math.sqrt(1 - Math.pow(BETA2, step));
    NDArray root = attached(scope, v.sqrt()).divi((float) correction).addi(EPSILON);
    NDArray change = attached(scope, m.div(root));
    parameter.subi(change.muli((float) (rate / (1 - Math.pow(BETA1, step)))));
  }

  /** An intermediate result that is freed with the step. */
  private static NDArray attached(NDManager scope, NDArray array) {
    array.attach(scope);
    return array;
  }
}
