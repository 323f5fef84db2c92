// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;

/**
 * A network's first parameters. He-uniform weights (He et al. 2015) of dense layers and
 * convolutions: one with n inputs per output is uniform in [-b, b) with b = sqrt(6 / n), PyTorch's
 * {@code kaiming_uniform_(nonlinearity='relu')}; of a transposed convolution n is half of channels
 * times kernel. Weights of recurrent layers are uniform with b = 1 / sqrt(units). Biases are zero,
 * but 1 for the forget gate of an LSTM (Jozefowicz et al. 2015); a batch normalisation begins with
 * weight 1, bias 0, mean 0 and variance 1. The values come from one stream in the order of the
 * layers.
 *
 * <p>Only operations that IEEE 754 rounds correctly (+, -, *, /, sqrt) take part, so that every
 * machine gets the same bits.
 */
final class FirstVector {
  private final Map<String, LayoutEntry> entries = new HashMap<>();
  private final SplitMix64 random;
  private final float[] vector;

  private FirstVector(Network network, long seed) {
    network.layout().entries().forEach(entry -> entries.put(entry.name(), entry));
    this.random = new SplitMix64(seed);
    this.vector = new float[network.layout().size()];
  }

  static float[] initial(Network network, long seed) {
    FirstVector first = new FirstVector(network, seed);
    first.fill(network.layers());
    return first.vector;
  }

  private void fill(List<Layer> layers) {
    for (Layer layer : layers) {
      if (layer instanceof Layer.Dense dense) {
        uniform(dense.name() + ".weight", Math.sqrt(6.0 / dense.inputs()));
      } else if (layer instanceof Layer.BatchNorm norm) {
        ones(norm.name() + ".weight");
        ones(norm.name() + ".variance");
      } else if (layer instanceof Layer.Conv1d conv) {
        int inputs = conv.channels() * conv.kernel();
        uniform(conv.name() + ".weight", Math.sqrt(6.0 / inputs));
      } else if (layer instanceof Layer.Conv2d conv) {
        int inputs = conv.channels() * conv.kernel() * conv.kernel();
        uniform(conv.name() + ".weight", Math.sqrt(6.0 / inputs));
      } else if (layer instanceof Layer.TransposedConv1d conv) {
        // Every second input of an output is one of the zeros.
        double inputs = conv.channels() * conv.kernel() / 2.0;
        uniform(conv.name() + ".weight", Math.sqrt(6.0 / inputs));
      } else if (layer instanceof Layer.Recurrent recurrent) {
        double bound = 1 / Math.sqrt(recurrent.units());
        uniform(recurrent.name() + ".input.weight", bound);
        uniform(recurrent.name() + ".hidden.weight", bound);
        openForgetGate(recurrent);
      } else if (layer instanceof Layer.Residual residual) {
        fill(residual.body());
        fill(residual.shortcut());
      }
    }
  }

  private void openForgetGate(Layer.Recurrent recurrent) {
    if (recurrent.cell() == Layer.Cell.LSTM) {
      int forget = entry(recurrent.name() + ".input.bias").offset() + recurrent.units();
      Arrays.fill(vector, forget, forget + recurrent.units(), 1);
    }
  }

  private void ones(String name) {
    LayoutEntry entry = entry(name);
    Arrays.fill(vector, entry.offset(), entry.offset() + entry.size(), 1);
  }

  private void uniform(String name, double bound) {
    LayoutEntry entry = entry(name);
    int end = entry.offset() + entry.size();
    for (int i = entry.offset(); i < end; i++) {
      vector[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }

  private LayoutEntry entry(String name) {
    LayoutEntry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("the layout has no entry " + name);
    }
    return entry;
  }
}
