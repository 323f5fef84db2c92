// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingSpec;

/** What a training makes small: the loss of a batch, and what it is compared with. */
final class Objective {
  private final TrainingSpec spec;
  private final LabelledInputs inputs;
  private final int outputs;
  private final boolean isClass;
  private final boolean isRebuilt;
  private final float[] classWeights;

  Objective(Network network, TrainingSpec spec, LabelledInputs inputs) {
    this.spec = spec;
    this.inputs = inputs;
    this.outputs = network.outputs();
    this.isClass = network.head() == Network.Head.SOFTMAX;
    this.isRebuilt = network.head() == Network.Head.RECONSTRUCTION;
    this.classWeights =
        isClass ? ClassWeights.of(spec, inputs.classes(), network.outputs()) : new float[0];
  }

  /** What examples are judged by: every class weighs alike, and certain ones count in full. */
  static Objective plain(Network network, TrainingSpec spec, LabelledInputs inputs) {
    TrainingSpec plain =
        new TrainingSpec(
            spec.optimizer(), spec.rate(), spec.momentum(), spec.batch(), spec.epochs(), false);
    return new Objective(network, plain.withLoss(spec.loss()), inputs);
  }

  /** Numbers that {@link #target} writes for an example. */
  int width() {
    return isRebuilt ? 2 * outputs : outputs;
  }

  /**
   * Writes what an example's outputs are compared with: of one class minus its weight / batch size
   * at its class; of a window that is rebuilt its values, and behind them what the error of each
   * weighs; else the targets.
   *
   * @param row of the width, zeros before and after
   */
  void target(int example, int batch, float[] row, FloatBuffer to) {
    if (isRebuilt) {
      window(example, batch, row);
      to.put(row);
      Arrays.fill(row, 0);
      return;
    }
    if (!isClass) {
      to.put(inputs.targets(), example * outputs, outputs);
      return;
    }
    int actual = inputs.classes()[example];
    row[actual] = -classWeights[actual] / batch;
    to.put(row);
    row[actual] = 0;
  }

  /** A value that is missing weighs nothing, and those that are there as much in every example. */
  private void window(int example, int batch, float[] row) {
    int present = 0;
    for (int i = 0; i < outputs; i++) {
      float value = inputs.targets()[example * outputs + i];
      if (!Float.isNaN(value)) {
        row[i] = value;
        row[outputs + i] = 1;
        present++;
      }
    }
    for (int i = outputs; i < row.length; i++) {
      row[i] /= Math.max(1, present) * (float) batch;
    }
  }

  /** Mean loss over the batch. */
  NDArray loss(NDArray output, NDArray target) {
    if (isRebuilt) {
      NDArray errors = output.sub(target.get(":, :{}", outputs)).square();
      return errors.mul(target.get(":, {}:", outputs)).sum();
    }
    return switch (spec.loss()) {
      case TrainingSpec.CROSS_ENTROPY -> ofOneClass(output.logSoftmax(-1), target).sum();
      case TrainingSpec.BINARY_CROSS_ENTROPY ->
          Activation.softPlus(output).sub(output.mul(target)).mean();
      case "mse" -> output.sub(target).square().mean();
      case "mae" -> output.sub(target).abs().mean();
      case "huber" -> huber(output.sub(target).abs()).mean();
      default -> throw new IllegalArgumentException("this engine has no loss " + spec.loss());
    };
  }

  /** Cross-entropy, or with gamma the focal loss, of each example at its class. */
  private NDArray ofOneClass(NDArray logProbabilities, NDArray target) {
    NDArray loss = logProbabilities.mul(target);
    if (spec.focal() == 0) {
      return loss;
    }
    return logProbabilities.exp().neg().add(1).pow((float) spec.focal()).mul(loss);
  }

  /** With q = min(a, 1) of an error's size a: q^2 / 2 up to 1, then a - 1/2. */
  private static NDArray huber(NDArray size) {
    NDArray inner = size.minimum(1);
    return inner.mul(size.sub(inner.mul(0.5f)));
  }
}
