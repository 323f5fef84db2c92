// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.fedwerk.api.learn.Layer;

/**
 * Mean and variance of a batch's channels, of operations that both engines compute alike: their own
 * ones divide the variance that is kept by n and by n - 1.
 *
 * @param layer whose
 * @param mean [1 x channels x 1 ...]
 * @param variance likewise, over n
 * @param perChannel n, the number of values of a channel
 */
record BatchMoments(Layer.BatchNorm layer, NDArray mean, NDArray variance, long perChannel) {
  static BatchMoments of(Layer.BatchNorm layer, NDArray x) {
    NDArray mean = mean(x);
    NDArray variance = mean(x.sub(mean).square());
    return new BatchMoments(layer, mean, variance, x.size() / layer.channels());
  }

  /** Over all dimensions but the channels; PyTorch takes one at a time. */
  private static NDArray mean(NDArray x) {
    NDArray mean = x;
    for (int dimension = 0; dimension < x.getShape().dimension(); dimension++) {
      mean = dimension == 1 ? mean : mean.mean(new int[] {dimension}, true);
    }
    return mean;
  }

  /** A parameter [channels] as it is put beside a batch. */
  static NDArray beside(NDArray x, NDArray parameter) {
    long[] shape = new long[x.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[1] = parameter.size();
    return parameter.reshape(new Shape(shape));
  }

  /** y = weight (x - mean) / sqrt(variance + epsilon) + bias. */
  static NDArray normalise(
      NDArray x, NDArray mean, NDArray variance, NDArray weight, NDArray bias) {
    NDArray scaled = x.sub(mean).div(variance.add(Layer.BatchNorm.EPSILON).sqrt());
    return scaled.mul(beside(x, weight)).add(beside(x, bias));
  }

  /** Moves what is kept towards this batch's; a single value per channel has no variance. */
  void keep(NDArray keptMean, NDArray keptVariance) {
    if (perChannel > 1) {
      move(keptMean, mean);
      move(keptVariance, variance);
    }
  }

  private static void move(NDArray kept, NDArray batch) {
    try (NDArray step = batch.reshape(kept.getShape()).mul(Layer.BatchNorm.MOMENTUM)) {
      kept.muli(1 - Layer.BatchNorm.MOMENTUM);
      kept.addi(step);
    }
  }
}
