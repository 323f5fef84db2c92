// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.Map;
import java.util.Random;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * An architecture with fixed windows to learn from, the same on every machine. A network of images
 * takes the same values as pixels.
 *
 * @param model as a task names it
 * @param spec an epoch of SGD with momentum
 * @param start first parameters
 * @param windows {@link #WINDOWS} of them, of three classes
 */
record Subject(
    ModelSpec model, TrainingSpec spec, Network network, float[] start, LabelledInputs windows) {
  /** Of all that is random. */
  static final long SEED = 1;

  /** How many windows. */
  static final int WINDOWS = 256;

  private static final int SIGNALS = 6;
  private static final int STEPS = 24;
  private static final int CLASSES = 3;

  private static final String OF_IMAGES = "cnn2d";

  /** As many values as a window, which it takes for its pixels. */
  private static final String IMAGE =
      "  image: {signal: camera, width: 12, height: 12, channels: grey}\n";

  private static final Map<String, String> SIZES =
      Map.of(
          "linear",
          "[]",
          "mlp",
          "[64, 32]",
          "cnn1d",
          "[16, 32]",
          OF_IMAGES,
          "[8, 16]",
          "tcn",
          "[16, 16]",
          "lstm",
          "[32]",
          "gru",
          "[32]",
          "autoencoder",
          "[48, 12]",
          "conv-autoencoder",
          "[16, 8]");

  /** The subject of an architecture. */
  static Subject of(String architecture) throws RefusedException {
    Task task = task(architecture);
    NamedArchitectures architectures = new NamedArchitectures();
    Network network = architectures.network(task.model(), task.schema());
    return new Subject(
        task.model(),
        task.training(),
        network,
        architectures.initial(network, SEED),
        windows(network.head() == Network.Head.RECONSTRUCTION));
  }

  /** A wave per class and signal under noise, the same on every machine. */
  private static LabelledInputs windows(boolean rebuilt) {
    Random random = new Random(SEED);
    float[] values = new float[WINDOWS * SIGNALS * STEPS];
    int[] classes = new int[WINDOWS];
    int at = 0;
    for (int n = 0; n < WINDOWS; n++) {
      classes[n] = n % CLASSES;
      for (int signal = 0; signal < SIGNALS; signal++) {
        for (int step = 0; step < STEPS; step++) {
          double wave = StrictMath.sin(0.2 * step * (1 + classes[n]) + signal);
          values[at++] = (float) (wave + 0.5 * random.nextGaussian());
        }
      }
    }
    return new LabelledInputs(
        WINDOWS, values, rebuilt ? new int[WINDOWS] : classes, rebuilt ? values : new float[0]);
  }

  private static Task task(String architecture) throws RefusedException {
    StringBuilder yaml = new StringBuilder("task: engines\nowner: quality\npurpose: compare\n");
    yaml.append("seed: 1\nschema:\n  name: waves\n  version: 1\n");
    yaml.append(architecture.equals(OF_IMAGES) ? IMAGE : signals());
    boolean rebuilt = ModelSpec.AUTOENCODERS.contains(architecture);
    yaml.append("  label: {" + (rebuilt ? "kind: anomaly, " : ""));
    yaml.append("name: check, classes: [a, b" + (rebuilt ? "" : ", c") + "]}\n");
    yaml.append("model: {architecture: " + architecture);
    yaml.append(", hidden: " + SIZES.get(architecture) + "}\n");
    yaml.append("training: {optimizer: sgd, rate: 0.05, momentum: 0.9, batch: 32, epochs: 1}\n");
    yaml.append(rebuilt ? "threshold: {quantile: 0.9}\n" : "");
    yaml.append("rounds: {max: 1, least: 1, quorum: 2, stall: 10m, examples-least: 100}\n");
    return new YamlTaskReader().read(yaml.toString()).task();
  }

  private static String signals() {
    StringBuilder yaml = new StringBuilder("  signals:\n");
    for (int signal = 0; signal < SIGNALS; signal++) {
      yaml.append("    - {name: s" + signal + ", unit: V, min: -10, max: 10}\n");
    }
    return yaml.append("  window: {steps: " + STEPS + ", step: 1s}\n").toString();
  }
}
