// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;
import org.fedwerk.api.Digest;

/**
 * One step of a network, as data; an engine turns it into its own operations. Sequences are [batch
 * x channels x steps], as windows come, and images [batch x channels x height x width].
 */
public sealed interface Layer {
  /**
   * y = x W' + b with W [outputs x inputs], b [outputs]; entries {@code name.weight}, {@code
   * name.bias}.
   */
  record Dense(String name, int inputs, int outputs) implements Layer {}

  /**
   * Batch normalisation (Ioffe and Szegedy 2015) of each channel of [batch x channels] or [batch x
   * channels x ...]: y = weight (x - m) / sqrt(v + {@value #EPSILON}) + bias. In training m and v
   * are mean and variance (over n, not n - 1) of the batch, and what is kept of them moves by
   * {@value #MOMENTUM} towards each batch's that has more than one value per channel; in prediction
   * they are what was kept. Entries {@code name.weight}, {@code name.bias} and, learned without a
   * gradient, {@code name.mean} and {@code name.variance}, all [channels].
   */
  record BatchNorm(String name, int channels) implements Layer {
    /** Keeps the root from 0. */
    public static final float EPSILON = 1e-5f;

    /** How far a batch moves what is kept. */
    public static final float MOMENTUM = 0.1f;
  }

  /**
   * A trained module of the user's own, from [batch x ...] as inputs come to [batch x features]. It
   * is not trained, and has no entries.
   *
   * @param file SHA-256 of the TorchScript file
   * @param features numbers that it gives per example
   */
  record Base(Digest file, int features) implements Layer {}

  /** max(x, 0). */
  record Relu() implements Layer {}

  /** From [batch x ...] to [batch x product]. */
  record Flatten() implements Layer {}

  /**
   * Cross-correlation over the steps, from [batch x channels x steps] to [batch x filters x
   * ceil(steps / stride)]; entries {@code name.weight} [filters x channels x kernel] and {@code
   * name.bias} [filters].
   *
   * @param kernel steps that one output sees, odd unless causal
   * @param stride steps from one output to the next; 1 if causal
   * @param dilation steps between neighbours within the kernel
   * @param causal true: an output sees its own step and earlier ones only; false: as many on both
   *     sides. Beyond the ends there are zeros
   */
  record Conv1d(
      String name, int channels, int filters, int kernel, int stride, int dilation, boolean causal)
      implements Layer {
    public Conv1d {
      if (causal ? stride != 1 : kernel % 2 == 0) {
        throw new IllegalArgumentException(
            name + ": a causal convolution has stride 1, any other an odd kernel");
      }
    }

    /** Zeros before the first step; as many behind the last, of which a causal one drops all. */
    public int padding() {
      return causal ? (kernel - 1) * dilation : (kernel - 1) * dilation / 2;
    }
  }

  /**
   * Cross-correlation over the pixels, from [batch x channels x height x width] to [batch x filters
   * x ceil(height / stride) x ceil(width / stride)]; entries {@code name.weight} [filters x
   * channels x kernel x kernel] and {@code name.bias} [filters].
   *
   * @param kernel rows and columns that one output sees, odd; as many on all sides, and beyond the
   *     edges there are zeros
   * @param stride rows and columns from one output to the next
   */
  record Conv2d(String name, int channels, int filters, int kernel, int stride) implements Layer {
    public Conv2d {
      if (kernel % 2 == 0) {
        throw new IllegalArgumentException(name + ": a convolution of images has an odd kernel");
      }
    }

    /** Zeros before the first row and column, and as many behind the last. */
    public int padding() {
      return (kernel - 1) / 2;
    }
  }

  /**
   * Transposed convolution of stride 2 over the steps (Zeiler et al. 2010), from [batch x channels
   * x ceil(steps / 2)] to [batch x filters x steps]: a zero is put behind each step, the sequence
   * cut to the steps, and that cross-correlated as a {@link Conv1d} of stride 1 does it, with zeros
   * beyond the ends; entries {@code name.weight} [filters x channels x kernel] and {@code
   * name.bias} [filters].
   *
   * @param kernel steps that one output sees, odd
   * @param steps that it gives
   */
  record TransposedConv1d(String name, int channels, int filters, int kernel, int steps)
      implements Layer {
    public TransposedConv1d {
      if (kernel % 2 == 0) {
        throw new IllegalArgumentException(name + ": a transposed convolution has an odd kernel");
      }
    }

    /** What it does to the sequence with the zeros. */
    public Conv1d dense() {
      return new Conv1d(name, channels, filters, kernel, 1, 1, false);
    }
  }

  /**
   * What a recurrent cell computes per step; sigma is the logistic function, o the product by
   * element.
   */
  enum Cell {
    /**
     * Hochreiter and Schmidhuber 1997 with forget gate: i, f, o = sigma(..), g = tanh(..), c = f o
     * c + i o g, h = o o tanh(c). Gates in the order i, f, g, o.
     */
    LSTM(4),
    /**
     * Cho et al. 2014 with the reset behind the product: r, z = sigma(..), n = tanh(Wn x + bn + r o
     * (Un h + cn)), h = (1 - z) o n + z o h. Gates in the order r, z, n.
     */
    GRU(3);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    /** Number of gates, whose rows stand under each other in each entry. */
    public int gates() {
      return gates;
    }
  }

  /**
   * A recurrent layer over the steps that begins with zeros, from [batch x inputs x steps] to
   * [batch x units x steps]; entries {@code name.input.weight} [gates units x inputs], {@code
   * name.hidden.weight} [gates units x units], {@code name.input.bias} and {@code name.hidden.bias}
   * [gates units].
   */
  record Recurrent(String name, Cell cell, int inputs, int units) implements Layer {}

  /** From [batch x channels x steps] to [batch x channels] at the last step. */
  record LastStep() implements Layer {}

  /**
   * y = max(body(x) + shortcut(x), 0).
   *
   * @param body layers that keep the steps
   * @param shortcut layers that bring x to the body's shape; none where it has it
   */
  record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {
    public Residual {
      body = List.copyOf(body);
      shortcut = List.copyOf(shortcut);
    }
  }
}
