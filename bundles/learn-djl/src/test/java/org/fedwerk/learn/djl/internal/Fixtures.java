// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * Small networks and data, and one engine for all tests: a JVM loads the native library once. The
 * build runs the tests once per engine.
 */
final class Fixtures {
  /** DJL's name of the engine under test. */
  static final String NAME = System.getProperty("fedwerk.test.engine", "PyTorch");

  static final DjlEngine ENGINE = newEngine();

  private Fixtures() {}

  /** Another one on the same library. */
  static DjlEngine newEngine() {
    return new DjlEngine(new EngineSettings("cpu", 1, NAME, "", "", "cpu", ""));
  }

  static Network mlp(int[] inputShape, int... sizes) {
    List<Layer> layers = new ArrayList<>();
    List<LayoutEntry> entries = new ArrayList<>();
    layers.add(new Layer.Flatten());
    int inputs = Arrays.stream(inputShape).reduce(1, (a, b) -> a * b);
    int offset = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (i > 0) {
        layers.add(new Layer.Relu());
      }
      String name = "dense" + (i + 1);
      layers.add(new Layer.Dense(name, inputs, sizes[i]));
      int[] shape = {sizes[i], inputs};
      entries.add(new LayoutEntry(name + ".weight", shape, offset, ParameterRole.SHARED));
      offset += inputs * sizes[i];
      int[] bias = {sizes[i]};
      entries.add(new LayoutEntry(name + ".bias", bias, offset, ParameterRole.SHARED));
      offset += sizes[i];
      inputs = sizes[i];
    }
    return new Network(layers, new Layout(entries), inputShape, inputs);
  }

  /** Uniform in +-sqrt(6 / inputs) per dense layer, biases zero. */
  static float[] start(Network network, long seed) {
    Random random = new Random(seed);
    float[] vector = new float[network.layout().size()];
    for (LayoutEntry entry : network.layout().entries()) {
      if (entry.name().endsWith(".weight")) {
        double bound = Math.sqrt(6.0 / entry.shape()[1]);
        for (int i = 0; i < entry.size(); i++) {
          vector[entry.offset() + i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
    }
    return vector;
  }

  /** Normal noise around one random centre per class; classes in turn. */
  static LabelledInputs clouds(int count, int width, int classes, double noise, long seed) {
    Random random = new Random(seed);
    double[][] centres = new double[classes][width];
    for (double[] centre : centres) {
      for (int i = 0; i < width; i++) {
        centre[i] = random.nextGaussian();
      }
    }
    float[] values = new float[count * width];
    int[] actual = new int[count];
    for (int n = 0; n < count; n++) {
      actual[n] = n % classes;
      for (int i = 0; i < width; i++) {
        values[n * width + i] = (float) (centres[n % classes][i] + noise * random.nextGaussian());
      }
    }
    return new LabelledInputs(count, values, actual);
  }

  static TrainingSpec sgd(double rate, double momentum, int batch, int epochs) {
    return new TrainingSpec("sgd", rate, momentum, batch, epochs, false);
  }

  /** Resident memory of this process in kB, of Linux's proc file system. */
  static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IllegalStateException("no VmRSS in /proc/self/status");
  }
}
