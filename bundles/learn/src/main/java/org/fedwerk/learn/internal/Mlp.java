// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;

/** The multi-layer perceptron: flatten, a dense layer with ReLU per hidden size, a dense layer. */
final class Mlp {
  private Mlp() {}

  static Network network(List<Integer> hidden, boolean norm, int[] shape, int outputs)
      throws RefusedException {
    Sizes.require(hidden, 0);
    List<Integer> sizes = new ArrayList<>(hidden);
    sizes.add(outputs);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Flatten());
    long inputs = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    for (int i = 0; i < sizes.size(); i++) {
      if (i > 0) {
        if (norm) {
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
