// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;

/**
 * An architecture as data.
 *
 * @param layers in the order of the forward pass; the last one gives one logit per class
 * @param layout of the parameter vector
 * @param inputShape shape of one example, for example [signals x steps]
 * @param outputs number of logits
 */
public record Network(List<Layer> layers, Layout layout, int[] inputShape, int outputs) {
  public Network {
    layers = List.copyOf(layers);
  }
}
