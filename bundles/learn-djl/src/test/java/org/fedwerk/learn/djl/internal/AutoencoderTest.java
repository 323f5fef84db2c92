// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that rebuild windows of which some values are missing. */
class AutoencoderTest {
  private static final TrainingProgress GO_ON = (done, total) -> true;
  private static final int SIGNALS = 2;
  private static final int STEPS = 7;

  private static Network network(int signals, int steps, Layer... layers) {
    List<LayoutEntry> entries = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Dense dense) {
        add(entries, dense.name(), dense.outputs(), dense.inputs());
      } else if (layer instanceof Layer.Conv1d conv) {
        add(entries, conv.name(), conv.filters(), conv.channels(), conv.kernel());
      } else if (layer instanceof Layer.TransposedConv1d conv) {
        add(entries, conv.name(), conv.filters(), conv.channels(), conv.kernel());
      }
    }
    return new Network(
        List.of(layers),
        new Layout(entries),
        new int[] {signals, steps},
        signals * steps,
        Network.Head.RECONSTRUCTION);
  }

  private static void add(List<LayoutEntry> entries, String name, int... shape) {
    entries.add(
        new LayoutEntry(name + ".weight", shape, new Layout(entries).size(), ParameterRole.SHARED));
    entries.add(
        new LayoutEntry(
            name + ".bias",
            new int[] {shape[0]},
            new Layout(entries).size(),
            ParameterRole.SHARED));
  }

  private static Network dense() {
    int all = SIGNALS * STEPS;
    return network(
        SIGNALS,
        STEPS,
        new Layer.Flatten(),
        new Layer.Dense("encoder1", all, 5),
        new Layer.Relu(),
        new Layer.Dense("encoder2", 5, 2),
        new Layer.Dense("decoder1", 2, 5),
        new Layer.Relu(),
        new Layer.Dense("decoder2", 5, all));
  }

  /** 7 steps, 4 and 2, and back to as many: once to an even number, once to an odd one. */
  private static Network convolutional() {
    return network(
        SIGNALS,
        STEPS,
        new Layer.Conv1d("encoder1", SIGNALS, 3, 3, 2, 1, false),
        new Layer.Relu(),
        new Layer.Conv1d("encoder2", 3, 2, 3, 2, 1, false),
        new Layer.TransposedConv1d("decoder1", 2, 3, 3, 4),
        new Layer.Relu(),
        new Layer.TransposedConv1d("decoder2", 3, SIGNALS, 5, STEPS),
        new Layer.Flatten());
  }

  static Stream<Network> networks() {
    return Stream.of(dense(), convolutional());
  }

  private static float[] anyVector(Network network) {
    Random random = new Random(42);
    float[] vector = new float[network.layout().size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (0.5 * random.nextGaussian());
    }
    return vector;
  }

  /** Windows whose values hang together by one number each; some are missing. */
  private static LabelledInputs windows(int count, double noise, int missingOfTen, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * SIGNALS * STEPS];
    float[] targets = new float[values.length];
    for (int n = 0; n < count; n++) {
      double level = random.nextGaussian();
      for (int i = 0; i < SIGNALS * STEPS; i++) {
        int at = n * SIGNALS * STEPS + i;
        boolean missing = random.nextInt(10) < missingOfTen;
        float value = (float) (level * Math.cos(i / 3.0) + noise * random.nextGaussian());
        values[at] = missing ? 0 : value;
        targets[at] = missing ? Float.NaN : value;
      }
    }
    return new LabelledInputs(count, values, new int[count], targets);
  }

  /** z = 1 x1 + 2 x2 + 0.5 = 3; y = (0.5 z, -1 z + 1) = (1.5, -2). */
  @Test
  void aTinyOneRebuildsWhatItsNumbersSay() {
    Network tiny = tiny();
    float[] vector = {1, 2, 0.5f, 0.5f, -1, 0, 1};
    try (Predictor predictor = ENGINE.predictor(tiny, vector)) {
      assertArrayEquals(new float[] {1.5f, -2}, predictor.predict(1, new float[] {0.5f, 1}), 1e-6f);
    }
  }

  private static Network tiny() {
    return network(
        1,
        2,
        new Layer.Flatten(),
        new Layer.Dense("encoder1", 2, 1),
        new Layer.Dense("decoder1", 1, 2));
  }

  /**
   * The second value is missing, so the input is (0.5, 0), z = 1, y1 = 0.5, and the only error is
   * y1 - 0.5 + 1 = 1 against a target of -0.5: loss 1, slope 2. With rate 0.1: y1's weight gets 2 z
   * = 2, its bias 2, z 2 * 0.5 = 1, so x1's weight 0.5 and the encoder's bias 1.
   */
  @Test
  void aMissingValueIsNeitherCountedNorFollowed() {
    LabelledInputs one =
        new LabelledInputs(1, new float[] {0.5f, 0}, new int[1], new float[] {-0.5f, Float.NaN});
    float[] start = {1, 2, 0.5f, 0.5f, -1, 0, 1};
    TrainedVector trained =
        ENGINE.train(tiny(), Fixtures.sgd(0.1, 0, 4, 1).withLoss("mse"), one, start, 1, GO_ON);
    assertEquals(1, trained.lossSum(), 1e-6);
    assertArrayEquals(new float[] {0.95f, 2, 0.4f, 0.3f, -1, -0.2f, 1}, trained.vector(), 1e-6f);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatIsRebuiltIsThatOfTheDefinition(Network network) {
    LabelledInputs inputs = windows(5, 0.3, 2, 1);
    ReferenceNetwork reference = new ReferenceNetwork(network, anyVector(network));
    try (Predictor predictor = ENGINE.predictor(network, anyVector(network))) {
      float[] rebuilt = predictor.predict(5, inputs.values());
      for (int n = 0; n < 5; n++) {
        double[] expected = reference.outputs(inputs, n);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], rebuilt[n * expected.length + i], 1e-5, n + " " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepFollowsTheGradientOfTheErrorOverTheValuesThatAreThere(Network network) {
    LabelledInputs inputs = windows(6, 0.3, 3, 2);
    float[] start = anyVector(network);
    double[] gradient = new ReferenceNetwork(network, start).gradient(inputs, 0);

    TrainingSpec spec = Fixtures.sgd(1, 0, 6, 1).withLoss("mse");
    TrainedVector trained = ENGINE.train(network, spec, inputs, start, 1, GO_ON);

    double loss = new ReferenceNetwork(network, start).loss(inputs, 0);
    assertEquals(loss, trained.lossSum() / trained.lossCount(), 1e-5);
    double largest = 0;
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(gradient[i], start[i] - trained.vector()[i], 2e-5, "parameter " + i);
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    assertTrue(largest > 1e-2, () -> "a gradient of nothing shows nothing");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void trainingIsRepeatedBitForBitAlsoWithAnEarlyStop(Network network) {
    LabelledInputs inputs = windows(40, 0.1, 1, 3);
    TrainingSpec spec =
        new TrainingSpec("adam", 0.01, 0, 7, 6, false, 0.001, 0.01, 0).withLoss("mse");
    TrainingGuide guide = TrainingGuide.of(windows(60, 0.1, 1, 4), 2, false);
    float[] first = ENGINE.train(network, spec, inputs, anyVector(network), 5, GO_ON).vector();
    assertArrayEquals(
        first, ENGINE.train(network, spec, inputs, anyVector(network), 5, GO_ON).vector());
    float[] guided =
        ENGINE.train(network, spec, inputs, anyVector(network), guide, 5, GO_ON).vector();
    assertArrayEquals(
        guided, ENGINE.train(network, spec, inputs, anyVector(network), guide, 5, GO_ON).vector());
  }

  /** A thread that never ran an operation over many elements knew nothing of how many to use. */
  @Test
  void anotherThreadGivesTheSameBits() throws Exception {
    Network network = convolutional();
    LabelledInputs inputs = windows(400, 0.1, 1, 9);
    TrainingSpec spec = Fixtures.sgd(0.05, 0.9, 100, 3).withLoss("mse");
    Callable<float[]> training =
        () -> ENGINE.train(network, spec, inputs, anyVector(network), 5, GO_ON).vector();
    float[] here = training.call();
    FutureTask<float[]> there = new FutureTask<>(training);
    Thread fresh = new Thread(there, "fresh");
    fresh.start();
    assertArrayEquals(here, there.get(60, TimeUnit.SECONDS));
    fresh.join();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aWindowThatHangsTogetherOtherwiseIsRebuiltWorse(Network network) {
    LabelledInputs normal = windows(200, 0.05, 1, 6);
    TrainingSpec spec = new TrainingSpec("adam", 0.01, 0, 20, 80, false, 0, 0, 0).withLoss("mse");
    float[] vector = ENGINE.train(network, spec, normal, anyVector(network), 1, GO_ON).vector();
    LabelledInputs fresh = windows(50, 0.05, 0, 7);
    LabelledInputs abnormal = windows(50, 1, 0, 8);
    double usual = new ReferenceNetwork(network, vector).loss(fresh, 0);
    double odd = new ReferenceNetwork(network, vector).loss(abnormal, 0);
    assertTrue(odd > 5 * usual, usual + " and " + odd);
  }

  @Test
  void anotherLossAndTooFewTargetsAreRefused() {
    LabelledInputs inputs = windows(3, 0.1, 0, 1);
    Network network = dense();
    TrainingSpec huber = Fixtures.sgd(0.1, 0, 4, 1).withLoss("huber");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ENGINE.train(network, huber, inputs, anyVector(network), 1, GO_ON));
    assertTrue(String.valueOf(refused.getMessage()).contains("training.loss = huber"));
    LabelledInputs few = new LabelledInputs(3, inputs.values(), new int[3], new float[3]);
    assertThrows(
        IllegalArgumentException.class,
        () -> ENGINE.train(network, huber.withLoss("mse"), few, anyVector(network), 1, GO_ON));
  }
}
