// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingSpec;

/** Back-propagation and SGD written out in float64, to hold the engine against. */
final class ReferenceSgd {
  private final Network network;
  private final List<Layer.Dense> dense = new ArrayList<>();
  private final double[] w;
  private double lossOfLastEpoch;

  ReferenceSgd(Network network, float[] start) {
    this.network = network;
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Dense d) {
        dense.add(d);
      }
    }
    w = new double[start.length];
    for (int i = 0; i < w.length; i++) {
      w[i] = start[i];
    }
  }

  double[] train(TrainingSpec spec, LabelledInputs inputs, double[] classWeights, long seed) {
    double[] v = new double[w.length];
    BatchOrder order = new BatchOrder(inputs.count(), seed);
    for (int epoch = 0; epoch < spec.epochs(); epoch++) {
      int[] examples = order.nextEpoch();
      lossOfLastEpoch = 0;
      for (int from = 0; from < inputs.count(); from += spec.batch()) {
        int size = Math.min(spec.batch(), inputs.count() - from);
        double[] g = new double[w.length];
        for (int i = from; i < from + size; i++) {
          addGradient(inputs, examples[i], classWeights, size, g);
        }
        for (int i = 0; i < w.length; i++) {
          v[i] = spec.momentum() * v[i] + g[i];
          w[i] -= spec.rate() * v[i];
        }
      }
    }
    return w;
  }

  double lossOfLastEpoch() {
    return lossOfLastEpoch;
  }

  private void addGradient(
      LabelledInputs inputs, int example, double[] classWeights, int size, double[] g) {
    int width = inputs.values().length / inputs.count();
    double[][] a = new double[dense.size() + 1][];
    a[0] = new double[width];
    for (int i = 0; i < width; i++) {
      a[0][i] = inputs.values()[example * width + i];
    }
    for (int l = 0; l < dense.size(); l++) {
      a[l + 1] = forward(dense.get(l), a[l], l + 1 < dense.size());
    }
    double[] logits = a[dense.size()];
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp(z);
    }
    int actual = inputs.classes()[example];
    double weight = classWeights[actual];
    lossOfLastEpoch += weight * (Math.log(sum) - logits[actual]);
    double[] delta = new double[logits.length];
    for (int k = 0; k < delta.length; k++) {
      delta[k] = weight / size * (Math.exp(logits[k]) / sum - (k == actual ? 1 : 0));
    }
    for (int l = dense.size() - 1; l >= 0; l--) {
      delta = backward(dense.get(l), a[l], delta, g);
    }
  }

  private double[] forward(Layer.Dense layer, double[] in, boolean relu) {
    int weight = offset(layer.name() + ".weight");
    int bias = offset(layer.name() + ".bias");
    double[] out = new double[layer.outputs()];
    for (int o = 0; o < out.length; o++) {
      out[o] = w[bias + o];
      for (int i = 0; i < in.length; i++) {
        out[o] += w[weight + o * in.length + i] * in[i];
      }
      out[o] = relu ? Math.max(0, out[o]) : out[o];
    }
    return out;
  }

  /** Adds the layer's gradient; gives the delta of the layer before, through its ReLU. */
  private double[] backward(Layer.Dense layer, double[] in, double[] delta, double[] g) {
    int weight = offset(layer.name() + ".weight");
    int bias = offset(layer.name() + ".bias");
    double[] before = new double[in.length];
    for (int o = 0; o < delta.length; o++) {
      g[bias + o] += delta[o];
      for (int i = 0; i < in.length; i++) {
        g[weight + o * in.length + i] += delta[o] * in[i];
        before[i] += in[i] > 0 ? delta[o] * w[weight + o * in.length + i] : 0;
      }
    }
    return before;
  }

  private int offset(String name) {
    return network.layout().entries().stream()
        .filter(entry -> entry.name().equals(name))
        .mapToInt(LayoutEntry::offset)
        .findFirst()
        .orElseThrow();
  }
}
