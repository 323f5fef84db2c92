// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.ModelSpec;

/**
 * Networks of convolutions over the steps of a window, one channel per signal, or over the pixels
 * of an image.
 */
final class Convolutions {
  private static final int MAX_KERNEL = 63;

  /** Beyond it a block would look further back than any window is long. */
  private static final int MAX_BLOCKS = 12;

  private Convolutions() {}

  /**
   * A convolution of stride 2 with ReLU per size, so that each halves the steps; then flatten and a
   * dense layer.
   */
  static Network strided(ModelSpec model, int[] shape, int outputs) throws RefusedException {
    require(model);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    int channels = shape[0];
    int steps = shape[1];
    for (int i = 0; i < model.hidden().size(); i++) {
      int filters = model.hidden().get(i);
      String name = "conv" + (i + 1);
      layers.add(
          blueprint.place(new Layer.Conv1d(name, channels, filters, model.kernel(), 2, 1, false)));
      norm(model, blueprint, layers, "norm" + (i + 1), filters);
      layers.add(new Layer.Relu());
      channels = filters;
      steps = (steps + 1) / 2;
    }
    layers.add(new Layer.Flatten());
    layers.add(blueprint.dense("dense1", (long) channels * steps, outputs));
    return blueprint.network(layers, shape, outputs);
  }

  /**
   * A convolution of stride 2 with ReLU per size, so that each halves rows and columns; then
   * flatten and a dense layer.
   */
  static Network ofImages(ModelSpec model, int[] shape, int outputs) throws RefusedException {
    require(model);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    int channels = shape[0];
    int height = shape[1];
    int width = shape[2];
    for (int i = 0; i < model.hidden().size(); i++) {
      int filters = model.hidden().get(i);
      layers.add(
          blueprint.place(
              new Layer.Conv2d("conv" + (i + 1), channels, filters, model.kernel(), 2)));
      norm(model, blueprint, layers, "norm" + (i + 1), filters);
      layers.add(new Layer.Relu());
      channels = filters;
      height = (height + 1) / 2;
      width = (width + 1) / 2;
    }
    layers.add(new Layer.Flatten());
    layers.add(blueprint.dense("dense1", (long) channels * height * width, outputs));
    return blueprint.network(layers, shape, outputs);
  }

  /**
   * A temporal convolutional network (Bai et al. 2018) without weight normalisation and dropout: a
   * block per size, of two causal convolutions with ReLU and a way around them; block i looks 2^i
   * steps from one to the next, from i = 0. Then the last step and a dense layer.
   */
  static Network temporal(ModelSpec model, int[] shape, int outputs) throws RefusedException {
    require(model);
    if (model.hidden().size() > MAX_BLOCKS) {
      throw new RefusedException(
          Sizes.KEY,
          "has "
              + model.hidden().size()
              + " layers, allowed are at most "
              + MAX_BLOCKS
              + " for tcn, as each looks twice as far back as the one before");
    }
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    int channels = shape[0];
    for (int i = 0; i < model.hidden().size(); i++) {
      int filters = model.hidden().get(i);
      layers.add(block(model, blueprint, "block" + (i + 1), channels, filters, 1 << i));
      channels = filters;
    }
    layers.add(new Layer.LastStep());
    layers.add(blueprint.dense("dense1", channels, outputs));
    return blueprint.network(layers, shape, outputs);
  }

  private static void norm(
      ModelSpec model, Blueprint blueprint, List<Layer> layers, String name, int channels) {
    if (model.norm()) {
      layers.add(blueprint.place(new Layer.BatchNorm(name, channels)));
    }
  }

  private static Layer block(
      ModelSpec model, Blueprint blueprint, String name, int channels, int filters, int dilation) {
    int kernel = model.kernel();
    List<Layer> body = new ArrayList<>();
    body.add(
        blueprint.place(
            new Layer.Conv1d(name + ".conv1", channels, filters, kernel, 1, dilation, true)));
    norm(model, blueprint, body, name + ".norm1", filters);
    body.add(new Layer.Relu());
    body.add(
        blueprint.place(
            new Layer.Conv1d(name + ".conv2", filters, filters, kernel, 1, dilation, true)));
    norm(model, blueprint, body, name + ".norm2", filters);
    body.add(new Layer.Relu());
    List<Layer> shortcut =
        channels == filters
            ? List.of()
            : List.of(
                blueprint.place(
                    new Layer.Conv1d(name + ".shortcut", channels, filters, 1, 1, 1, true)));
    return new Layer.Residual(body, shortcut);
  }

  /** Refuses sizes and kernels out of range. */
  static void require(ModelSpec model) throws RefusedException {
    Sizes.require(model.hidden(), 1);
    if (model.kernel() < 1 || model.kernel() > MAX_KERNEL || model.kernel() % 2 == 0) {
      throw new RefusedException(
          "model.kernel",
          "is " + model.kernel() + ", allowed are odd numbers from 1 to " + MAX_KERNEL);
    }
  }
}
