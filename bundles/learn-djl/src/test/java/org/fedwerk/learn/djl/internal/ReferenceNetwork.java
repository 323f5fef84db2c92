// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;

/**
 * Every layer written out in float64 as its definition says, for one example at a time, to hold the
 * engine against. Gradients are central differences, so that nothing of back-propagation is needed.
 */
final class ReferenceNetwork {
  private static final double STEP = 1e-5;

  private final Network network;
  private final double[] w;
  private final Map<String, Integer> offsets = new HashMap<>();

  /** Columns of the image under way. */
  private int width;

  ReferenceNetwork(Network network, float[] vector) {
    this.network = network;
    this.w = new double[vector.length];
    for (int i = 0; i < w.length; i++) {
      w[i] = vector[i];
    }
    for (LayoutEntry entry : network.layout().entries()) {
      offsets.put(entry.name(), entry.offset());
    }
  }

  /** What the last layer gives for one example. */
  double[] outputs(LabelledInputs inputs, int example) {
    int[] shape = network.inputShape();
    width = shape[shape.length - 1];
    int size = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    double[][] x = new double[shape[0]][size];
    for (int c = 0; c < shape[0]; c++) {
      for (int t = 0; t < size; t++) {
        x[c][t] = inputs.values()[(example * shape[0] + c) * size + t];
      }
    }
    return column(apply(network.layers(), x));
  }

  /** Probabilities of one example. */
  double[] probabilities(LabelledInputs inputs, int example) {
    double[] p = outputs(inputs, example);
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(p[k]);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** Mean over the examples of the mean squared error over the values that are there. */
  private double rebuilt(LabelledInputs inputs) {
    double sum = 0;
    for (int n = 0; n < inputs.count(); n++) {
      double[] y = outputs(inputs, n);
      double squares = 0;
      int present = 0;
      for (int i = 0; i < y.length; i++) {
        float target = inputs.targets()[n * y.length + i];
        if (!Float.isNaN(target)) {
          squares += (y[i] - target) * (y[i] - target);
          present++;
        }
      }
      sum += squares / present;
    }
    return sum / inputs.count();
  }

  /** Mean of (1 - p)^gamma times minus log p; of a window that is rebuilt its error. */
  double loss(LabelledInputs inputs, double gamma) {
    if (network.head() == Network.Head.RECONSTRUCTION) {
      return rebuilt(inputs);
    }
    double sum = 0;
    for (int n = 0; n < inputs.count(); n++) {
      double p = probabilities(inputs, n)[inputs.classes()[n]];
      sum -= Math.pow(1 - p, gamma) * Math.log(p);
    }
    return sum / inputs.count();
  }

  double[] gradient(LabelledInputs inputs, double gamma) {
    double[] gradient = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      double at = w[i];
      w[i] = at + STEP;
      double above = loss(inputs, gamma);
      w[i] = at - STEP;
      gradient[i] = (above - loss(inputs, gamma)) / (2 * STEP);
      w[i] = at;
    }
    return gradient;
  }

  private double[][] apply(List<Layer> layers, double[][] x) {
    double[][] y = x;
    for (Layer layer : layers) {
      y = apply(layer, y);
    }
    return y;
  }

  private double[][] apply(Layer layer, double[][] x) {
    if (layer instanceof Layer.Dense dense) {
      return row(
          product(dense.name() + ".weight", dense.name() + ".bias", column(x), dense.outputs()));
    } else if (layer instanceof Layer.Relu) {
      return relu(x);
    } else if (layer instanceof Layer.Flatten) {
      return row(column(x));
    } else if (layer instanceof Layer.LastStep) {
      double[] last = new double[x.length];
      for (int c = 0; c < x.length; c++) {
        last[c] = x[c][x[c].length - 1];
      }
      return row(last);
    } else if (layer instanceof Layer.Conv1d conv) {
      return convolution(conv, x);
    } else if (layer instanceof Layer.Conv2d conv) {
      return convolution(conv, x);
    } else if (layer instanceof Layer.TransposedConv1d conv) {
      return transposed(conv, x);
    } else if (layer instanceof Layer.Recurrent recurrent) {
      return recurrence(recurrent, x);
    }
    Layer.Residual residual = (Layer.Residual) layer;
    double[][] body = apply(residual.body(), x);
    double[][] around = apply(residual.shortcut(), x);
    for (int c = 0; c < body.length; c++) {
      for (int t = 0; t < body[c].length; t++) {
        body[c][t] += around[c][t];
      }
    }
    return relu(body);
  }

  private double[][] convolution(Layer.Conv1d conv, double[][] x) {
    int weight = offset(conv.name() + ".weight");
    int bias = offset(conv.name() + ".bias");
    int steps = (x[0].length + conv.stride() - 1) / conv.stride();
    double[][] y = new double[conv.filters()][steps];
    for (int f = 0; f < conv.filters(); f++) {
      for (int t = 0; t < steps; t++) {
        y[f][t] = w[bias + f];
        for (int c = 0; c < conv.channels(); c++) {
          for (int k = 0; k < conv.kernel(); k++) {
            int at = t * conv.stride() + k * conv.dilation() - conv.padding();
            if (at >= 0 && at < x[c].length) {
              y[f][t] += w[weight + (f * conv.channels() + c) * conv.kernel() + k] * x[c][at];
            }
          }
        }
      }
    }
    return y;
  }

  private double[][] convolution(Layer.Conv2d conv, double[][] x) {
    int columns = width;
    int rows = x[0].length / columns;
    width = (columns + conv.stride() - 1) / conv.stride();
    int height = (rows + conv.stride() - 1) / conv.stride();
    double[][] y = new double[conv.filters()][height * width];
    for (int f = 0; f < conv.filters(); f++) {
      for (int at = 0; at < y[f].length; at++) {
        y[f][at] = pixel(conv, x, rows, columns, f, at);
      }
    }
    return y;
  }

  private double pixel(Layer.Conv2d conv, double[][] x, int rows, int columns, int filter, int at) {
    int kernel = conv.kernel();
    double sum = w[offset(conv.name() + ".bias") + filter];
    for (int c = 0; c < conv.channels(); c++) {
      int weight =
          offset(conv.name() + ".weight") + (filter * conv.channels() + c) * kernel * kernel;
      for (int i = 0; i < kernel; i++) {
        for (int j = 0; j < kernel; j++) {
          int row = at / width * conv.stride() + i - kernel / 2;
          int column = at % width * conv.stride() + j - kernel / 2;
          if (row >= 0 && row < rows && column >= 0 && column < columns) {
            sum += w[weight + i * kernel + j] * x[c][row * columns + column];
          }
        }
      }
    }
    return sum;
  }

  /** Every input step is laid into the outputs around its place, at every second step. */
  private double[][] transposed(Layer.TransposedConv1d conv, double[][] x) {
    int weight = offset(conv.name() + ".weight");
    int bias = offset(conv.name() + ".bias");
    double[][] y = new double[conv.filters()][conv.steps()];
    for (int f = 0; f < conv.filters(); f++) {
      Arrays.fill(y[f], w[bias + f]);
      for (int c = 0; c < conv.channels(); c++) {
        for (int t = 0; t < x[c].length; t++) {
          for (int k = 0; k < conv.kernel(); k++) {
            int at = 2 * t + conv.kernel() / 2 - k;
            if (at >= 0 && at < conv.steps()) {
              y[f][at] += w[weight + (f * conv.channels() + c) * conv.kernel() + k] * x[c][t];
            }
          }
        }
      }
    }
    return y;
  }

  private double[][] recurrence(Layer.Recurrent layer, double[][] x) {
    int units = layer.units();
    int rows = layer.cell().gates() * units;
    double[][] y = new double[units][x[0].length];
    double[] h = new double[units];
    double[] c = new double[units];
    for (int t = 0; t < x[0].length; t++) {
      double[] now = new double[layer.inputs()];
      for (int i = 0; i < now.length; i++) {
        now[i] = x[i][t];
      }
      String name = layer.name();
      double[] in = product(name + ".input.weight", name + ".input.bias", now, rows);
      double[] back = product(name + ".hidden.weight", name + ".hidden.bias", h, rows);
      for (int u = 0; u < units; u++) {
        if (layer.cell() == Layer.Cell.LSTM) {
          double input = sigma(in[u] + back[u]);
          double forget = sigma(in[units + u] + back[units + u]);
          double candidate = Math.tanh(in[2 * units + u] + back[2 * units + u]);
          double output = sigma(in[3 * units + u] + back[3 * units + u]);
          c[u] = forget * c[u] + input * candidate;
          h[u] = output * Math.tanh(c[u]);
        } else {
          double reset = sigma(in[u] + back[u]);
          double update = sigma(in[units + u] + back[units + u]);
          double candidate = Math.tanh(in[2 * units + u] + reset * back[2 * units + u]);
          h[u] = (1 - update) * candidate + update * h[u];
        }
        y[u][t] = h[u];
      }
    }
    return y;
  }

  private double[] product(String weight, String bias, double[] x, int rows) {
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = w[offset(bias) + r];
      for (int i = 0; i < x.length; i++) {
        y[r] += w[offset(weight) + r * x.length + i] * x[i];
      }
    }
    return y;
  }

  private int offset(String name) {
    return offsets.get(name);
  }

  private static double sigma(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[][] relu(double[][] x) {
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(0, row[i]);
      }
    }
    return x;
  }

  private static double[][] row(double[] values) {
    return new double[][] {values};
  }

  /** All values, row after row. */
  private static double[] column(double[][] x) {
    double[] all = new double[x.length * x[0].length];
    for (int c = 0; c < x.length; c++) {
      System.arraycopy(x[c], 0, all, c * x[0].length, x[0].length);
    }
    return all;
  }
}
