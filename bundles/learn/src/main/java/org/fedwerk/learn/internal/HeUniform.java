// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;

/**
 * He-uniform weights and zero biases (He et al. 2015): a weight of a layer with n inputs is uniform
 * in [-b, b) with b = sqrt(6 / n), PyTorch's {@code kaiming_uniform_(nonlinearity='relu')}. The
 * values come from one stream in the order of the layout.
 *
 * <p>Only operations that IEEE 754 rounds correctly (+, -, *, /, sqrt) take part, so that every
 * machine gets the same bits.
 */
final class HeUniform {
  private HeUniform() {}

  static float[] initial(Network network, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] vector = new float[network.layout().size()];
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Dense dense) {
        fill(vector, weight(network, dense), dense.inputs(), random);
      }
    }
    return vector;
  }

  private static LayoutEntry weight(Network network, Layer.Dense dense) {
    String name = dense.name() + ".weight";
    for (LayoutEntry entry : network.layout().entries()) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    throw new IllegalArgumentException("the layout has no entry " + name);
  }

  private static void fill(float[] vector, LayoutEntry entry, int inputs, SplitMix64 random) {
    double bound = Math.sqrt(6.0 / inputs);
    int end = entry.offset() + entry.size();
    for (int i = entry.offset(); i < end; i++) {
      vector[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
