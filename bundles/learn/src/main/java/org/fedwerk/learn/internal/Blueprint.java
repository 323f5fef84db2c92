// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;

/** A network while it is drawn up: layers in order, and the place of each one's parameters. */
final class Blueprint {
  /** 256 MiB of float32: beyond it, every site and the coordinator would need another plan. */
  static final long MAX_PARAMETERS = 64L << 20;

  private final List<LayoutEntry> entries = new ArrayList<>();
  private long size;

  /** A dense layer's parameters take the next places. */
  Layer.Dense dense(String name, long inputs, int outputs) {
    int known = (int) Math.min(inputs, MAX_PARAMETERS + 1);
    add(name + ".weight", outputs, known);
    add(name + ".bias", outputs);
    return new Layer.Dense(name, known, outputs);
  }

  /** A convolution's parameters take the next places. */
  Layer.Conv1d place(Layer.Conv1d conv) {
    add(conv.name() + ".weight", conv.filters(), conv.channels(), conv.kernel());
    add(conv.name() + ".bias", conv.filters());
    return conv;
  }

  /** A convolution's parameters take the next places. */
  Layer.Conv2d place(Layer.Conv2d conv) {
    add(conv.name() + ".weight", conv.filters(), conv.channels(), conv.kernel(), conv.kernel());
    add(conv.name() + ".bias", conv.filters());
    return conv;
  }

  /** A transposed convolution's parameters take the next places. */
  Layer.TransposedConv1d place(Layer.TransposedConv1d conv) {
    place(conv.dense());
    return conv;
  }

  /** A recurrent layer's parameters take the next places. */
  Layer.Recurrent place(Layer.Recurrent layer) {
    int rows = layer.cell().gates() * layer.units();
    add(layer.name() + ".input.weight", rows, layer.inputs());
    add(layer.name() + ".hidden.weight", rows, layer.units());
    add(layer.name() + ".input.bias", rows);
    add(layer.name() + ".hidden.bias", rows);
    return layer;
  }

  /** A normalisation's parameters and statistics take the next places. */
  Layer.BatchNorm place(Layer.BatchNorm norm) {
    add(norm.name() + ".weight", norm.channels());
    add(norm.name() + ".bias", norm.channels());
    add(norm.name() + ".mean", ParameterRole.BUFFER, norm.channels());
    add(norm.name() + ".variance", ParameterRole.BUFFER, norm.channels());
    return norm;
  }

  private void add(String name, int... shape) {
    add(name, ParameterRole.SHARED, shape);
  }

  private void add(String name, ParameterRole role, int... shape) {
    long elements = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (size + elements <= MAX_PARAMETERS) {
      entries.add(new LayoutEntry(name, shape, (int) size, role));
    }
    size += elements;
  }

  /** An autoencoder, which gives as many numbers as it takes. */
  Network rebuilding(List<Layer> layers, int[] inputShape) throws RefusedException {
    return network(layers, inputShape, Arrays.stream(inputShape).reduce(1, Math::multiplyExact));
  }

  /** What was drawn up, unless it has too many parameters. */
  Network network(List<Layer> layers, int[] inputShape, int outputs) throws RefusedException {
    if (size > MAX_PARAMETERS) {
      throw new RefusedException(
          Sizes.KEY,
          "makes "
              + size
              + " parameters, allowed are at most "
              + MAX_PARAMETERS
              + "; take smaller layers");
    }
    return new Network(layers, new Layout(entries), inputShape, outputs);
  }
}
