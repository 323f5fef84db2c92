// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;

/** A network's layers as DJL operations. */
final class ForwardPass {
  /** Of a recurrent layer, in the order in which the engine takes them. */
  private static final List<String> RECURRENT_PARTS =
      List.of(".input.weight", ".hidden.weight", ".input.bias", ".hidden.bias");

  private final Bases bases;
  private final Map<String, NDArray> parameters = new HashMap<>();
  private final boolean training;
  private final List<BatchMoments> moments;

  private ForwardPass(
      Bases bases,
      Network network,
      List<NDArray> parameters,
      boolean training,
      List<BatchMoments> moments) {
    this.bases = bases;
    for (int i = 0; i < parameters.size(); i++) {
      this.parameters.put(network.layout().entries().get(i).name(), parameters.get(i));
    }
    this.training = training;
    this.moments = moments;
  }

  /**
   * The logits [batch x outputs], while nothing is recorded for a gradient.
   *
   * @param bases what the network may stand on
   * @param parameters in the order of the layout's entries
   * @param inputs [batch x input shape]; results belong to its manager
   */
  static NDArray logits(Bases bases, Network network, List<NDArray> parameters, NDArray inputs) {
    return new ForwardPass(bases, network, parameters, false, new ArrayList<>())
        .apply(network.layers(), inputs);
  }

  /**
   * The same while a gradient collector is open; MXNet wants to be told.
   *
   * @param moments takes those of each batch normalisation, which are part of the gradient's graph
   */
  static NDArray recorded(
      Bases bases,
      Network network,
      List<NDArray> parameters,
      NDArray inputs,
      List<BatchMoments> moments) {
    return new ForwardPass(bases, network, parameters, true, moments)
        .apply(network.layers(), inputs);
  }

  private NDArray apply(List<Layer> layers, NDArray x) {
    NDArray result = x;
    for (Layer layer : layers) {
      result = apply(layer, result);
    }
    return result;
  }

  private NDArray apply(Layer layer, NDArray x) {
    if (layer instanceof Layer.Dense dense) {
      return Linear.linear(
              x, parameter(dense.name() + ".weight"), parameter(dense.name() + ".bias"))
          .singletonOrThrow();
    }
    if (layer instanceof Layer.Base base) {
      return bases.features(base, x);
    }
    if (layer instanceof Layer.Relu) {
      return Activation.relu(x);
    }
    if (layer instanceof Layer.BatchNorm norm) {
      return normalised(norm, x);
    }
    if (layer instanceof Layer.Flatten) {
      return x.reshape(new Shape(x.getShape().get(0), -1));
    }
    if (layer instanceof Layer.Conv1d conv) {
      return convolution(conv, x);
    }
    if (layer instanceof Layer.Conv2d conv) {
      return Conv2d.conv2d(
              x,
              parameter(conv.name() + ".weight"),
              parameter(conv.name() + ".bias"),
              new Shape(conv.stride(), conv.stride()),
              new Shape(conv.padding(), conv.padding()),
              new Shape(1, 1))
          .singletonOrThrow();
    }
    if (layer instanceof Layer.TransposedConv1d conv) {
      return convolution(conv.dense(), spread(x, conv.steps()));
    }
    if (layer instanceof Layer.Recurrent recurrent) {
      return recurrence(recurrent, x);
    }
    if (layer instanceof Layer.LastStep) {
      return x.get(":,:,{}", x.getShape().get(2) - 1);
    }
    if (layer instanceof Layer.Residual residual) {
      NDArray around = apply(residual.shortcut(), x);
      return Activation.relu(apply(residual.body(), x).add(around));
    }
    throw new IllegalArgumentException("this engine has no layer " + layer);
  }

  private NDArray normalised(Layer.BatchNorm norm, NDArray x) {
    NDArray weight = parameter(norm.name() + ".weight");
    NDArray bias = parameter(norm.name() + ".bias");
    if (training) {
      BatchMoments batch = BatchMoments.of(norm, x);
      moments.add(batch);
      return BatchMoments.normalise(x, batch.mean(), batch.variance(), weight, bias);
    }
    NDArray mean = BatchMoments.beside(x, parameter(norm.name() + ".mean"));
    // What coded updates add up to may lie below 0 by a rounding.
    NDArray variance = BatchMoments.beside(x, parameter(norm.name() + ".variance")).maximum(0);
    return BatchMoments.normalise(x, mean, variance, weight, bias);
  }

  private NDArray convolution(Layer.Conv1d conv, NDArray x) {
    NDArray both =
        Conv1d.conv1d(
                x,
                parameter(conv.name() + ".weight"),
                parameter(conv.name() + ".bias"),
                new Shape(conv.stride()),
                new Shape(conv.padding()),
                new Shape(conv.dilation()))
            .singletonOrThrow();
    if (!conv.causal() || conv.padding() == 0) {
      return both;
    }
    // The engine pads both ends; the outputs that looked past the last step are behind it.
    return both.get(":,:,:{}", x.getShape().get(2));
  }

  /** A zero behind each step, since DJL has no transposed convolution on PyTorch. */
  private static NDArray spread(NDArray x, int steps) {
    Shape shape = x.getShape();
    NDArray pairs = NDArrays.stack(new NDList(x, x.zerosLike()), 3);
    return pairs
        .reshape(new Shape(shape.get(0), shape.get(1), 2 * shape.get(2)))
        .get(":,:,:{}", steps);
  }

  private NDArray recurrence(Layer.Recurrent layer, NDArray x) {
    NDArray sequence = x.transpose(0, 2, 1);
    Shape state = new Shape(1, x.getShape().get(0), layer.units());
    NDArray zeros = x.getManager().zeros(state);
    NDList weights = new NDList();
    for (String part : RECURRENT_PARTS) {
      weights.add(parameter(layer.name() + part));
    }
    NDArrayEx operations = sequence.getNDArrayInternal();
    NDList result =
        switch (layer.cell()) {
          case LSTM ->
              operations.lstm(
                  sequence, new NDList(zeros, zeros), weights, true, 1, 0, training, false, true);
          case GRU -> operations.gru(sequence, zeros, weights, true, 1, 0, training, false, true);
        };
    return result.get(0).transpose(0, 2, 1);
  }

  private NDArray parameter(String name) {
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
