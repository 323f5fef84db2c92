// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fedwerk.api.learn.LabelledInputs;
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
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private static final TrainingProgress GO_ON = (done, total) -> true;
  private static final double[] EVEN = {1, 1, 1};

  private final Network network = Fixtures.mlp(new int[] {2, 3}, 5, 4, 3);
  private final float[] start = Fixtures.start(network, 11);
  private final LabelledInputs inputs = Fixtures.clouds(25, 6, 3, 0.8, 5);

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void followsBackPropagationWrittenOutInJavaStepByStep(double momentum) {
    for (int epochs = 1; epochs <= 4; epochs++) {
      TrainingSpec spec = Fixtures.sgd(0.05, momentum, 8, epochs);
      ReferenceSgd reference = new ReferenceSgd(network, start);
      double[] expected = reference.train(spec, inputs, EVEN, 3);

      TrainedVector trained = ENGINE.train(network, spec, inputs, start, 3, GO_ON);

      assertClose(expected, trained.vector());
      assertEquals(4 * epochs, trained.steps(), "the last, partial batch is a step too");
      assertEquals(25, trained.lossCount());
      assertEquals(reference.lossOfLastEpoch(), trained.lossSum(), 1e-4);
    }
  }

  @Test
  void aBalancedTrainingWeighsClassesByInverseFrequencyAndIgnoresAbsentOnes() {
    int[] skewed = inputs.classes().clone();
    for (int n = 0; n < 20; n++) {
      skewed[n] = 0;
    }
    for (int n = 20; n < 25; n++) {
      skewed[n] = 2;
    }
    LabelledInputs unbalanced = new LabelledInputs(25, inputs.values(), skewed);
    TrainingSpec spec = new TrainingSpec("sgd", 0.05, 0.9, 10, 2, true);
    double[] weights = {25 / 40.0, 0, 25 / 10.0};
    double[] expected = new ReferenceSgd(network, start).train(spec, unbalanced, weights, 3);

    assertClose(expected, ENGINE.train(network, spec, unbalanced, start, 3, GO_ON).vector());
  }

  @Test
  void givenClassWeightsMultiplyTheLossAsTheyAre() {
    TrainingSpec spec = Fixtures.sgd(0.05, 0.9, 10, 2).withClassWeights(List.of(1.0, 5.0, 0.0));
    double[] expected =
        new ReferenceSgd(network, start).train(spec, inputs, new double[] {1, 5, 0}, 3);

    assertClose(expected, ENGINE.train(network, spec, inputs, start, 3, GO_ON).vector());
    assertRefused(
        "2 weights for 3 classes", spec.withClassWeights(List.of(1.0, 5.0)), inputs, start);
    assertRefused("from 0", spec.withClassWeights(List.of(1.0, -5.0, 1.0)), inputs, start);
  }

  @Test
  void classWeightsHaveMeanOneOverTheExamples() {
    int[] classes = {0, 0, 0, 1, 3, 3};

    float[] weights = ClassWeights.of(Fixtures.sgd(1, 0, 1, 1).withBalanced(), classes, 4);

    assertArrayEquals(new float[] {2 / 3f, 2, 0, 1}, weights, 1e-6f);
    assertEquals(6, IntStream.of(classes).mapToDouble(k -> weights[k]).sum(), 1e-5);
  }

  @Test
  void theSameArgumentsGiveTheSameBits() {
    TrainingSpec spec = new TrainingSpec("sgd", 0.02, 0.9, 32, 3, true);
    Network wide = Fixtures.mlp(new int[] {17, 60}, 64, 32, 4);
    LabelledInputs many = Fixtures.clouds(150, 1020, 4, 2, 9);
    float[] from = Fixtures.start(wide, 1);

    TrainedVector first = ENGINE.train(wide, spec, many, from, 77, GO_ON);
    TrainedVector second = ENGINE.train(wide, spec, many, from, 77, GO_ON);
    TrainedVector otherSeed = ENGINE.train(wide, spec, many, from, 78, GO_ON);

    assertArrayEquals(first.vector(), second.vector());
    assertEquals(first.lossSum(), second.lossSum());
    assertFalse(Arrays.equals(first.vector(), otherSeed.vector()));
    assertArrayEquals(Fixtures.start(wide, 1), from, "the start vector is not changed");
  }

  @Test
  void theSameArgumentsGiveTheSameBitsInAnotherProcess() throws Exception {
    Path here = Files.createTempFile("fedwerk-vector", ".txt");
    try {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"),
                  "-Dfedwerk.test.engine=" + Fixtures.NAME,
                  "-cp",
                  System.getProperty("java.class.path"),
                  TrainOnce.class.getName(),
                  here.toString())
              .inheritIO()
              .start();

      assertEquals(0, other.waitFor());
      assertEquals(TrainOnce.digest(), Files.readString(here));
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void theLossOfAToyProblemFalls() {
    LabelledInputs toy = Fixtures.clouds(60, 6, 3, 0.3, 2);

    double first = loss(ENGINE.train(network, Fixtures.sgd(0.05, 0.9, 8, 1), toy, start, 1, GO_ON));
    double last = loss(ENGINE.train(network, Fixtures.sgd(0.05, 0.9, 8, 40), toy, start, 1, GO_ON));

    assertTrue(first > 0.3, "loss at first " + first);
    assertTrue(last < 0.02, "loss in the end " + last);
  }

  @Test
  void frozenParametersStayAndLocalOnesLearn() {
    List<LayoutEntry> entries = new ArrayList<>();
    for (LayoutEntry entry : network.layout().entries()) {
      ParameterRole role =
          switch (entry.name()) {
            case "dense1.weight" -> ParameterRole.FROZEN;
            case "dense2.bias" -> ParameterRole.BUFFER;
            case "dense3.weight" -> ParameterRole.LOCAL;
            default -> ParameterRole.SHARED;
          };
      entries.add(new LayoutEntry(entry.name(), entry.shape(), entry.offset(), role));
    }
    Network mixed = new Network(network.layers(), new Layout(entries), new int[] {2, 3}, 3);

    float[] trained =
        ENGINE.train(mixed, Fixtures.sgd(0.05, 0.9, 8, 2), inputs, start, 3, GO_ON).vector();

    for (LayoutEntry entry : entries) {
      int end = entry.offset() + entry.size();
      boolean same = Arrays.equals(start, entry.offset(), end, trained, entry.offset(), end);
      boolean fixed = entry.role() == ParameterRole.FROZEN || entry.role() == ParameterRole.BUFFER;
      assertEquals(fixed, same, entry.name());
    }
  }

  @Test
  void progressHearsEveryStepAndStopsTheTraining() {
    List<String> heard = new ArrayList<>();

    CancellationException cancelled =
        assertThrows(
            CancellationException.class,
            () ->
                ENGINE.train(
                    network,
                    Fixtures.sgd(0.05, 0, 8, 2),
                    inputs,
                    start,
                    3,
                    (done, total) -> {
                      heard.add(done + "/" + total);
                      return done < 3;
                    }));

    assertEquals(List.of("1/8", "2/8", "3/8"), heard);
    assertTrue(cancelled.getMessage().contains("after step 3"), cancelled.getMessage());
  }

  @Test
  void aLossThatIsNotFiniteIsReportedWithItsStep() {
    TrainingSpec wild = Fixtures.sgd(1e30, 0, 8, 2);

    ArithmeticException diverged =
        assertThrows(
            ArithmeticException.class, () -> ENGINE.train(network, wild, inputs, start, 3, GO_ON));

    assertTrue(diverged.getMessage().matches(".* at step [23] of 8;.*"), diverged.getMessage());
  }

  @Test
  void aParameterThatIsNotFiniteAfterTheLastStepIsReportedToo() {
    TrainingSpec wild = new TrainingSpec("sgd", 3e38, 0, 25, 1, false);
    LabelledInputs large = new LabelledInputs(25, scaled(inputs.values(), 1e4f), inputs.classes());

    ArithmeticException diverged =
        assertThrows(
            ArithmeticException.class, () -> ENGINE.train(network, wild, large, start, 3, GO_ON));

    assertTrue(diverged.getMessage().contains("a parameter is"), diverged.getMessage());
  }

  @Test
  void argumentsThatDoNotFitAreRefusedInWords() {
    TrainingSpec spec = Fixtures.sgd(0.1, 0, 8, 1);
    LabelledInputs none = new LabelledInputs(0, new float[0], new int[0]);
    LabelledInputs strange = new LabelledInputs(1, new float[6], new int[] {3});
    LabelledInputs narrow = new LabelledInputs(1, new float[5], new int[] {0});

    assertRefused("the vector has 2 values", spec, inputs, new float[2]);
    assertRefused("there is no example", spec, none, start);
    assertRefused("class index 3", spec, strange, start);
    assertRefused("6 values each, but got 5", spec, narrow, start);
    assertRefused(
        "training.optimizer = lamb", new TrainingSpec("lamb", 0.1, 0, 8, 1, false), inputs, start);
    assertRefused("for sgd", new TrainingSpec("adam", 0.1, 0.9, 8, 1, false), inputs, start);
    assertRefused("training.decay", extras(-1, 0, 0), inputs, start);
    assertRefused("training.proximal", extras(0, Double.NaN, 0), inputs, start);
    assertRefused("training.focal", extras(0, 0, 0.5), inputs, start);
    assertRefused("training.rate", Fixtures.sgd(0, 0, 8, 1), inputs, start);
    assertRefused("training.momentum", Fixtures.sgd(0.1, 1, 8, 1), inputs, start);
    assertRefused("training.batch", Fixtures.sgd(0.1, 0, 0, 1), inputs, start);
    assertRefused("training.epochs", Fixtures.sgd(0.1, 0, 8, 0), inputs, start);
  }

  @Test
  void trainingsOnTwoThreadsGiveWhatEachGivesAlone() throws Exception {
    TrainingSpec spec = Fixtures.sgd(0.05, 0.9, 4, 30);
    float[] one = ENGINE.train(network, spec, inputs, start, 1, GO_ON).vector();
    float[] two = ENGINE.train(network, spec, inputs, start, 2, GO_ON).vector();
    CountDownLatch bothRun = new CountDownLatch(2);
    TrainingProgress together =
        (done, total) -> {
          bothRun.countDown();
          return awaited(bothRun);
        };

    CompletableFuture<TrainedVector> first =
        CompletableFuture.supplyAsync(
            () -> ENGINE.train(network, spec, inputs, start, 1, together));
    TrainedVector second = ENGINE.train(network, spec, inputs, start, 2, together);

    assertArrayEquals(one, first.get(60, TimeUnit.SECONDS).vector());
    assertArrayEquals(two, second.vector());
  }

  @Test
  void aPredictorAnswersWhileATrainingIsPausedInItsProgress() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<TrainedVector> training =
        CompletableFuture.supplyAsync(
            () ->
                ENGINE.train(
                    network,
                    Fixtures.sgd(0.05, 0.9, 8, 1),
                    inputs,
                    start,
                    3,
                    (done, total) -> {
                      paused.countDown();
                      return awaited(goOn);
                    }));
    assertTrue(paused.await(60, TimeUnit.SECONDS));

    try (Predictor predictor = ENGINE.predictor(network, start)) {
      float[] answer = predictor.predict(1, Arrays.copyOf(inputs.values(), 6));

      assertEquals(3, answer.length);
      assertFalse(training.isDone());
    } finally {
      goOn.countDown();
    }
    assertEquals(4, training.get(60, TimeUnit.SECONDS).steps());
  }

  @Test
  void twoThousandStepsDoNotGrowNativeMemory() throws IOException {
    Network wide = Fixtures.mlp(new int[] {17, 60}, 64, 32, 4);
    LabelledInputs some = Fixtures.clouds(64, 1020, 4, 2, 9);
    float[] from = Fixtures.start(wide, 1);
    TrainingSpec warmUp = Fixtures.sgd(0.01, 0.9, 32, 100);
    ENGINE.train(wide, warmUp, some, from, 1, GO_ON);
    int arrays = arraysOfTheJvm();
    long before = Fixtures.residentKilobytes();

    TrainedVector trained =
        ENGINE.train(wide, Fixtures.sgd(0.01, 0.9, 32, 1000), some, from, 1, GO_ON);

    long grown = Fixtures.residentKilobytes() - before;
    assertEquals(2000, trained.steps());
    assertEquals(arrays, arraysOfTheJvm());
    assertTrue(grown < 48 * 1024, "resident memory grew by " + grown + " kB");
  }

  @Test
  void stoppingTheEngineCancelsItsTrainingsAndRefusesNewOnes() {
    DjlEngine engine = Fixtures.newEngine();
    TrainingSpec spec = Fixtures.sgd(0.05, 0, 8, 1);
    List<Integer> heard = new ArrayList<>();
    TrainingProgress stopAtSecond =
        (done, total) -> {
          heard.add(done);
          if (done == 2) {
            engine.stop();
          }
          return true;
        };

    assertThrows(
        CancellationException.class,
        () -> engine.train(network, spec, inputs, start, 1, stopAtSecond));

    assertEquals(List.of(1, 2), heard);
    assertThrows(
        CancellationException.class, () -> engine.train(network, spec, inputs, start, 1, GO_ON));
  }

  private static int arraysOfTheJvm() {
    try (NDManager manager = NDManager.newBaseManager(null, Fixtures.NAME)) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static TrainingSpec extras(double decay, double proximal, double focal) {
    return new TrainingSpec("sgd", 0.1, 0, 8, 1, false, decay, proximal, focal);
  }

  private void assertRefused(String part, TrainingSpec spec, LabelledInputs data, float[] from) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ENGINE.train(network, spec, data, from, 1, GO_ON))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private static double loss(TrainedVector trained) {
    return trained.lossSum() / trained.lossCount();
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  private static void assertClose(double[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5, "parameter " + i);
    }
  }
}
