// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;

/** The multi-layer perceptron: flatten, a dense layer with ReLU per hidden size, a dense layer. */
final class Mlp {
  static final String NAME = "mlp";

  static final int MAX_HIDDEN_LAYERS = 16;
  static final int MAX_HIDDEN_SIZE = 8192;

  /** 256 MiB of float32: beyond it, every site and the coordinator would need another plan. */
  static final long MAX_PARAMETERS = 64L << 20;

  private Mlp() {}

  static Network network(List<Integer> hidden, Schema schema) throws RefusedException {
    refuseOutOfRange(hidden);
    int outputs = schema.label().classes().size();
    List<Integer> sizes = new ArrayList<>(hidden);
    sizes.add(outputs);
    int inputs = schema.inputSize();
    refuseTooLarge(inputs, sizes);

    List<Layer> layers = new ArrayList<>();
    List<LayoutEntry> entries = new ArrayList<>();
    layers.add(new Layer.Flatten());
    int offset = 0;
    for (int i = 0; i < sizes.size(); i++) {
      if (i > 0) {
        layers.add(new Layer.Relu());
      }
      Layer.Dense dense = new Layer.Dense("dense" + (i + 1), inputs, sizes.get(i));
      layers.add(dense);
      LayoutEntry weight = shared(dense.name() + ".weight", offset, dense.outputs(), inputs);
      LayoutEntry bias = shared(dense.name() + ".bias", offset + weight.size(), dense.outputs());
      entries.add(weight);
      entries.add(bias);
      offset = bias.offset() + bias.size();
      inputs = dense.outputs();
    }
    int[] inputShape = {schema.signals().size(), schema.window().steps()};
    return new Network(layers, new Layout(entries), inputShape, outputs);
  }

  private static LayoutEntry shared(String name, int offset, int... shape) {
    return new LayoutEntry(name, shape, offset, ParameterRole.SHARED);
  }

  private static void refuseOutOfRange(List<Integer> hidden) throws RefusedException {
    List<Refusal> refusals = new ArrayList<>();
    if (hidden.size() > MAX_HIDDEN_LAYERS) {
      refusals.add(
          hiddenRefusal(
              "has " + hidden.size() + " layers, allowed are at most " + MAX_HIDDEN_LAYERS));
    }
    for (int i = 0; i < hidden.size(); i++) {
      int size = hidden.get(i);
      if (size < 1 || size > MAX_HIDDEN_SIZE) {
        refusals.add(
            hiddenRefusal(
                "layer "
                    + (i + 1)
                    + " has size "
                    + size
                    + ", allowed are 1 to "
                    + MAX_HIDDEN_SIZE));
      }
    }
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
  }

  private static void refuseTooLarge(int inputs, List<Integer> sizes) throws RefusedException {
    long parameters = 0;
    long width = inputs;
    for (int size : sizes) {
      parameters += (width + 1) * size;
      width = size;
    }
    if (parameters > MAX_PARAMETERS) {
      throw new RefusedException(
          List.of(
              hiddenRefusal(
                  "makes "
                      + parameters
                      + " parameters, allowed are at most "
                      + MAX_PARAMETERS
                      + "; take smaller layers")));
    }
  }

  private static Refusal hiddenRefusal(String what) {
    return new Refusal("model.hidden", 0, what);
  }
}
