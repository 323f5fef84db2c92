// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;

/** A network's layers as DJL operations. */
final class ForwardPass {
  private ForwardPass() {}

  /**
   * The logits [batch x outputs].
   *
   * @param parameters in the order of the layout's entries
   * @param inputs [batch x input shape]; results belong to its manager
   */
  static NDArray logits(Network network, List<NDArray> parameters, NDArray inputs) {
    Map<String, NDArray> named = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      named.put(network.layout().entries().get(i).name(), parameters.get(i));
    }
    NDArray x = inputs;
    for (Layer layer : network.layers()) {
      x = apply(layer, named, x);
    }
    return x;
  }

  private static NDArray apply(Layer layer, Map<String, NDArray> parameters, NDArray x) {
    if (layer instanceof Layer.Dense dense) {
      return Linear.linear(
              x,
              parameter(parameters, dense.name() + ".weight"),
              parameter(parameters, dense.name() + ".bias"))
          .singletonOrThrow();
    }
    if (layer instanceof Layer.Relu) {
      return Activation.relu(x);
    }
    if (layer instanceof Layer.Flatten) {
      return x.reshape(new Shape(x.getShape().get(0), -1));
    }
    throw new IllegalArgumentException("this engine has no layer " + layer);
  }

  private static NDArray parameter(Map<String, NDArray> parameters, String name) {
    NDArray parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the layout has no entry " + name);
    }
    return parameter;
  }

  /** The shape of a batch of inputs. */
  static Shape batch(Network network, int count) {
    long[] shape = new long[network.inputShape().length + 1];
    shape[0] = count;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = network.inputShape()[i - 1];
    }
    return new Shape(shape);
  }
}
