// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.ModelSpec;

/**
 * The multi-layer perceptron: flatten, or a base's features; a dense layer with ReLU per hidden
 * size; a dense layer.
 */
final class Mlp {
  private Mlp() {}

  static Network network(ModelSpec model, int[] shape, int outputs) throws RefusedException {
    Sizes.require(model.hidden(), 0);
    List<Integer> sizes = new ArrayList<>(model.hidden());
    sizes.add(outputs);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    ModelSpec.Base base = model.base();
    layers.add(base == null ? new Layer.Flatten() : new Layer.Base(base.file(), base.features()));
    long inputs =
        base == null ? Arrays.stream(shape).reduce(1, Math::multiplyExact) : base.features();
    for (int i = 0; i < sizes.size(); i++) {
      if (i > 0) {
        if (model.norm()) {
          layers.add(blueprint.place(new Layer.BatchNorm("norm" + i, (int) inputs)));
        }
        layers.add(new Layer.Relu());
      }
      layers.add(blueprint.dense("dense" + (i + 1), inputs, sizes.get(i)));
      inputs = sizes.get(i);
    }
    return blueprint.network(layers, shape, outputs);
  }
}
