// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;

/**
 * An architecture as data.
 *
 * @param layers in the order of the forward pass; the last one gives one number per output
 * @param layout of the parameter vector
 * @param inputShape shape of one example, [signals x steps] or [channels x height x width]
 * @param outputs how many numbers the last layer gives
 * @param head what they stand for
 */
public record Network(List<Layer> layers, Layout layout, int[] inputShape, int outputs, Head head) {
  public Network {
    layers = List.copyOf(layers);
  }

  /** A network whose outputs are logits of classes, of which one is right. */
  public Network(List<Layer> layers, Layout layout, int[] inputShape, int outputs) {
    this(layers, layout, inputShape, outputs, Head.SOFTMAX);
  }

  /** The same whose outputs stand for something else. */
  public Network with(Head other) {
    return new Network(layers, layout, inputShape, outputs, other);
  }

  /** What stands on top of the last layer when a network predicts. */
  public enum Head {
    /** Probabilities of classes that exclude each other. */
    SOFTMAX,
    /** A probability per class, each by itself: the logistic function. */
    SIGMOID,
    /** The number itself, scaled as the task's target says. */
    IDENTITY,
    /** The input as the network rebuilds it, normalised and flat. */
    RECONSTRUCTION
  }
}
