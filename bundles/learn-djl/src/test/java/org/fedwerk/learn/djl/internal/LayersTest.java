// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each layer and each term of the loss against {@link ReferenceNetwork}. */
class LayersTest {
  private static final TrainingProgress GO_ON = (done, total) -> true;
  private static final int SIGNALS = 3;
  private static final int STEPS = 7;
  private static final int CLASSES = 3;

  private final LabelledInputs inputs = Fixtures.clouds(6, SIGNALS * STEPS, CLASSES, 0.5, 5);

  /** A network by name, with parameters that are not symmetric and biases that are not zero. */
  private record Named(String name, Network network, float[] start) {
    Named(String name, List<Layer> layers) {
      this(name, built(layers, SIGNALS, STEPS));
    }

    Named(String name, List<Layer> layers, int... inputShape) {
      this(name, built(layers, inputShape));
    }

    private Named(String name, Network network) {
      this(name, network, anyVector(network.layout().size()));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Named> networks() {
    Layer flatten = new Layer.Flatten();
    Layer relu = new Layer.Relu();
    Layer last = new Layer.LastStep();
    return Stream.of(
        new Named(
            "cnn1d",
            List.of(
                new Layer.Conv1d("conv1", SIGNALS, 4, 3, 2, 1, false),
                relu,
                new Layer.Conv1d("conv2", 4, 2, 5, 2, 1, false),
                relu,
                flatten,
                new Layer.Dense("dense1", 4, CLASSES))),
        new Named(
            "tcn",
            List.of(
                new Layer.Residual(
                    List.of(
                        new Layer.Conv1d("a", SIGNALS, 4, 3, 1, 1, true),
                        relu,
                        new Layer.Conv1d("b", 4, 4, 3, 1, 1, true),
                        relu),
                    List.of(new Layer.Conv1d("c", SIGNALS, 4, 1, 1, 1, true))),
                new Layer.Residual(List.of(new Layer.Conv1d("d", 4, 4, 3, 1, 2, true)), List.of()),
                last,
                new Layer.Dense("dense1", 4, CLASSES))),
        new Named(
            "lstm",
            List.of(
                new Layer.Recurrent("lstm1", Layer.Cell.LSTM, SIGNALS, 4),
                new Layer.Recurrent("lstm2", Layer.Cell.LSTM, 4, 3),
                last,
                new Layer.Dense("dense1", 3, CLASSES))),
        new Named(
            "gru",
            List.of(
                new Layer.Recurrent("gru1", Layer.Cell.GRU, SIGNALS, 4),
                last,
                new Layer.Dense("dense1", 4, CLASSES))),
        new Named("linear", List.of(flatten, new Layer.Dense("dense1", 21, CLASSES))),
        new Named(
            "cnn2d",
            List.of(
                new Layer.Conv2d("conv1", 1, 4, 3, 2),
                relu,
                new Layer.Conv2d("conv2", 4, 2, 5, 2),
                relu,
                flatten,
                new Layer.Dense("dense1", 4, CLASSES)),
            1,
            3,
            7),
        new Named(
            "colours",
            List.of(
                new Layer.Conv2d("conv1", 3, 4, 3, 2),
                relu,
                flatten,
                new Layer.Dense("dense1", 16, CLASSES)),
            3,
            7,
            1));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void probabilitiesAreThoseOfTheDefinition(Named named) {
    ReferenceNetwork reference = new ReferenceNetwork(named.network(), named.start());
    try (Predictor predictor = ENGINE.predictor(named.network(), named.start())) {
      float[] all = predictor.predict(inputs.count(), inputs.values());
      for (int n = 0; n < inputs.count(); n++) {
        double[] expected = reference.probabilities(inputs, n);
        for (int k = 0; k < CLASSES; k++) {
          assertEquals(expected[k], all[n * CLASSES + k], 1e-5, "example " + n + " class " + k);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepFollowsTheGradientOfTheLoss(Named named) {
    assertGradient(named, 0);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepFollowsTheGradientOfTheFocalLoss(Named named) {
    assertGradient(named, 2);
  }

  private void assertGradient(Named named, double gamma) {
    double[] expected =
        new ReferenceNetwork(named.network(), named.start()).gradient(inputs, gamma);
    TrainingSpec spec = new TrainingSpec("sgd", 1, 0, inputs.count(), 1, false, 0, 0, gamma);

    TrainedVector trained = ENGINE.train(named.network(), spec, inputs, named.start(), 1, GO_ON);

    ReferenceNetwork before = new ReferenceNetwork(named.network(), named.start());
    assertEquals(before.loss(inputs, gamma), trained.lossSum() / trained.lossCount(), 1e-5);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], named.start()[i] - trained.vector()[i], 2e-5, "parameter " + i);
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    assertTrue(largest > 1e-2, () -> "a gradient of nothing shows nothing");
  }

  @Test
  void adamTakesTheStepsOfItsAlgorithm() {
    Named linear = networks().toList().get(4);
    double[] w = copy(linear.start());
    double[] m = new double[w.length];
    double[] v = new double[w.length];
    for (int t = 1; t <= 3; t++) {
      double[] g = new ReferenceNetwork(linear.network(), floats(w)).gradient(inputs, 0);
      for (int i = 0; i < w.length; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double root = Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8;
        w[i] -= 0.01 * mean / root;
      }
    }

    assertClose(w, train(linear, new TrainingSpec("adam", 0.01, 0, 6, 3, false)), 1e-5);
  }

  @Test
  void decayIsPartOfTheGradientButWithAdamwTakenOffTheParameter() {
    Named linear = networks().toList().get(4);
    double[] g = new ReferenceNetwork(linear.network(), linear.start()).gradient(inputs, 0);
    double[] coupled = copy(linear.start());
    for (int i = 0; i < g.length; i++) {
      coupled[i] -= 0.1 * (g[i] + 0.2 * coupled[i]);
    }
    TrainingSpec sgd = new TrainingSpec("sgd", 0.1, 0, 6, 1, false, 0.2, 0, 0);
    assertClose(coupled, train(linear, sgd), 1e-5);

    float[] plain = train(linear, new TrainingSpec("adam", 0.1, 0, 6, 1, false));
    double[] decoupled = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      decoupled[i] = plain[i] - 0.1 * 0.2 * linear.start()[i];
    }
    TrainingSpec adamw = new TrainingSpec("adamw", 0.1, 0, 6, 1, false, 0.2, 0, 0);
    assertClose(decoupled, train(linear, adamw), 1e-5);
  }

  @Test
  void fedProxPullsEachStepBackToWhereTheRoundBegan() {
    Named linear = networks().toList().get(4);
    double mu = 0.5;
    double[] w = copy(linear.start());
    for (int t = 0; t < 4; t++) {
      double[] g = new ReferenceNetwork(linear.network(), floats(w)).gradient(inputs, 0);
      for (int i = 0; i < w.length; i++) {
        w[i] -= 0.1 * (g[i] + mu * (w[i] - linear.start()[i]));
      }
    }

    TrainingSpec prox = new TrainingSpec("sgd", 0.1, 0, 6, 4, false, 0, mu, 0);
    float[] trained = train(linear, prox);
    assertClose(w, trained, 1e-5);
    float[] free = train(linear, new TrainingSpec("sgd", 0.1, 0, 6, 4, false));
    assertTrue(distance(linear.start(), trained) < 0.95 * distance(linear.start(), free));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theSameArgumentsGiveTheSameBitsAndNothingIsLeftBehind(Named named) throws IOException {
    TrainingSpec spec = new TrainingSpec("adamw", 0.01, 0, 4, 20, true, 0.01, 0.1, 2);
    float[] first = train(named, spec);
    int arrays = arraysOfTheJvm();

    assertArrayEquals(first, train(named, spec));
    assertEquals(arrays, arraysOfTheJvm());
  }

  private float[] train(Named named, TrainingSpec spec) {
    return ENGINE.train(named.network(), spec, inputs, named.start(), 1, GO_ON).vector();
  }

  private static int arraysOfTheJvm() {
    try (NDManager manager = NDManager.newBaseManager(null, Fixtures.NAME)) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  private static Network built(List<Layer> layers, int... inputShape) {
    List<LayoutEntry> entries = new ArrayList<>();
    layers.forEach(layer -> place(layer, entries));
    return new Network(layers, new Layout(entries), inputShape, CLASSES);
  }

  private static void place(Layer layer, List<LayoutEntry> entries) {
    if (layer instanceof Layer.Dense dense) {
      add(entries, dense.name() + ".weight", dense.outputs(), dense.inputs());
      add(entries, dense.name() + ".bias", dense.outputs());
    } else if (layer instanceof Layer.Conv1d conv) {
      add(entries, conv.name() + ".weight", conv.filters(), conv.channels(), conv.kernel());
      add(entries, conv.name() + ".bias", conv.filters());
    } else if (layer instanceof Layer.Conv2d conv) {
      int kernel = conv.kernel();
      add(entries, conv.name() + ".weight", conv.filters(), conv.channels(), kernel, kernel);
      add(entries, conv.name() + ".bias", conv.filters());
    } else if (layer instanceof Layer.Recurrent cell) {
      int rows = cell.cell().gates() * cell.units();
      add(entries, cell.name() + ".input.weight", rows, cell.inputs());
      add(entries, cell.name() + ".hidden.weight", rows, cell.units());
      add(entries, cell.name() + ".input.bias", rows);
      add(entries, cell.name() + ".hidden.bias", rows);
    } else if (layer instanceof Layer.Residual residual) {
      residual.body().forEach(inner -> place(inner, entries));
      residual.shortcut().forEach(inner -> place(inner, entries));
    }
  }

  private static void add(List<LayoutEntry> entries, String name, int... shape) {
    int offset = new Layout(entries).size();
    entries.add(new LayoutEntry(name, shape, offset, ParameterRole.SHARED));
  }

  private static float[] anyVector(int size) {
    Random random = new Random(42);
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) (0.5 * random.nextGaussian());
    }
    return vector;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double[] copy(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void assertClose(double[] expected, float[] actual, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance, "parameter " + i);
    }
  }
}
