// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.TrainingSpec;

/** Stochastic gradient descent in PyTorch's form v = m v + g, w = w - r v. */
final class MomentumSgd implements Optimizer {
  static final String NAME = "sgd";

  private final boolean hasMomentum;
  private final NDArray rate;
  private final NDArray momentum;
  private final DeviceVector velocity;

  MomentumSgd(TrainingSpec spec, NDManager manager, Layout layout) {
    this.hasMomentum = spec.momentum() > 0;
    this.rate = manager.create((float) spec.rate());
    this.momentum = manager.create((float) spec.momentum());
    this.velocity = DeviceVector.zeros(manager, layout);
  }

  @Override
  public void begin(int step) {}

  @Override
  public void update(int index, NDArray parameter, NDArray gradient) {
    // The velocity holds r v in place of v: the rate is constant, and no temporary is needed.
    NDArray step = gradient.muli(rate);
    if (hasMomentum) {
      step = velocity.tensors().get(index).muli(momentum).addi(step);
    }
    parameter.subi(step);
  }
}
