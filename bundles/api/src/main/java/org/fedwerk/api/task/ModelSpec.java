// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The model of a task.
 *
 * @param architecture name, one of {@link #ARCHITECTURES}
 * @param hidden sizes of the hidden layers, what they are depends on the architecture
 * @param kernel steps, of an image rows and columns, that a convolution sees, of architectures that
 *     have any
 * @param norm true for batch normalisation behind each hidden layer, before its ReLU; of {@link
 *     #WITH_NORM} only
 * @param base what stands before the architecture, of {@link #ON_A_BASE} only; null for nothing
 * @param budget what the model may cost; a task that goes beyond it is refused when it is submitted
 */
public record ModelSpec(
    String architecture,
    List<Integer> hidden,
    int kernel,
    boolean norm,
    @Nullable Base base,
    Budget budget) {
  /** Names that a task may give. */
  public static final List<String> ARCHITECTURES =
      List.of(
          "linear",
          "mlp",
          "cnn1d",
          "cnn2d",
          "tcn",
          "lstm",
          "gru",
          "autoencoder",
          "conv-autoencoder");

  /** Those that rebuild their input, for anomaly detection. */
  public static final List<String> AUTOENCODERS = List.of("autoencoder", "conv-autoencoder");

  /** Those that take images. */
  public static final List<String> OF_IMAGES = List.of("cnn2d", "mlp", "linear", "autoencoder");

  /** The one that takes images and nothing else. */
  public static final String CNN2D = "cnn2d";

  /** Those that may have batch normalisation. */
  public static final List<String> WITH_NORM = List.of("mlp", "cnn1d", "cnn2d", "tcn");

  /** Those that may stand on a base. */
  public static final List<String> ON_A_BASE = List.of("linear", "mlp");

  /** Steps that a convolution sees if the task does not say. */
  public static final int KERNEL = 3;

  public ModelSpec {
    hidden = List.copyOf(hidden);
  }

  /** Without a base. */
  public ModelSpec(
      String architecture, List<Integer> hidden, int kernel, boolean norm, Budget budget) {
    this(architecture, hidden, kernel, norm, null, budget);
  }

  /** Without normalisation and base. */
  public ModelSpec(String architecture, List<Integer> hidden, int kernel, Budget budget) {
    this(architecture, hidden, kernel, false, budget);
  }

  /** Without normalisation and budget. */
  public ModelSpec(String architecture, List<Integer> hidden, int kernel) {
    this(architecture, hidden, kernel, false, Budget.NONE);
  }

  /** With the kernel that is usual, and without a budget. */
  public ModelSpec(String architecture, List<Integer> hidden) {
    this(architecture, hidden, KERNEL);
  }

  /** Names of the normalisation layers; none without normalisation. */
  public List<String> norms() {
    List<String> names = new ArrayList<>();
    for (int i = 1; norm && i <= hidden.size(); i++) {
      if (architecture.equals("tcn")) {
        names.add("block" + i + ".norm1");
        names.add("block" + i + ".norm2");
      } else {
        names.add("norm" + i);
      }
    }
    return names;
  }

  /**
   * A trained TorchScript module that turns inputs into features, from which the architecture
   * learns. Each site has the file; the module is not trained and does not travel.
   *
   * @param file SHA-256 of the file
   * @param features numbers that it gives per example
   */
  public record Base(Digest file, int features) {}

  /**
   * What a model may cost.
   *
   * @param parameters most parameters
   * @param bytesPerRound most bytes that a site sends, or receives, in a round
   * @param predictionMillis most milliseconds that a prediction takes at a site; infinite for any
   */
  public record Budget(long parameters, long bytesPerRound, double predictionMillis) {
    /** No bound. */
    public static final Budget NONE =
        new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Double.POSITIVE_INFINITY);

    /** True if a site must measure how long a prediction takes. */
    public boolean boundsPredictions() {
      return predictionMillis < Double.POSITIVE_INFINITY;
    }
  }
}
