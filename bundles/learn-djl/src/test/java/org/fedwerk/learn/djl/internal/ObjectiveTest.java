// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One step of gradient descent by hand, with one example x = 2. */
class ObjectiveTest {
  private static final float[] X = {2};
  private static final int[] SHAPE = {1};
  private static final TrainingSpec ONE_STEP = Fixtures.sgd(0.1, 0, 4, 1);

  private static Network network(int outputs, Network.Head head) {
    Network plain = Fixtures.mlp(SHAPE, outputs);
    return new Network(plain.layers(), plain.layout(), SHAPE, outputs, head);
  }

  private static TrainedVector step(Network network, String loss, float[] start, float... targets) {
    LabelledInputs inputs = new LabelledInputs(1, X, new int[0], targets);
    return Fixtures.ENGINE.train(
        network, ONE_STEP.withLoss(loss), inputs, start, 1, (done, total) -> true);
  }

  /**
   * The output is 0.5 x 2 = 1; the gradient is the slope times 2 for the weight, once for the bias.
   */
  @ParameterizedTest
  @CsvSource({
    "mse,   3,   4,     1.3, 0.4",
    "mae,   3,   2,     0.7, 0.1",
    "huber, 3,   1.5,   0.7, 0.1",
    "huber, 1.5, 0.125, 0.6, 0.05",
    "huber, 0,   0.5,   0.3, -0.1",
  })
  void aNumberIsPulledByTheSlopeOfItsLoss(
      String loss, float target, double expectedLoss, float weight, float bias) {
    Network network = network(1, Network.Head.IDENTITY);
    TrainedVector trained = step(network, loss, new float[] {0.5f, 0}, target);
    assertEquals(expectedLoss, trained.lossSum(), 1e-6);
    assertArrayEquals(new float[] {weight, bias}, trained.vector(), 1e-6f);
    try (Predictor predictor = Fixtures.ENGINE.predictor(network, trained.vector())) {
      assertArrayEquals(new float[] {2 * weight + bias}, predictor.predict(1, X), 1e-6f);
    }
  }

  /** Both logits are 0, so each probability is 1/2 and the loss ln 2, as mean over the classes. */
  @Test
  void severalClassesAreLearnedEachByItself() {
    Network network = network(2, Network.Head.SIGMOID);
    TrainedVector trained = step(network, "binary-cross-entropy", new float[4], 1, 0);
    assertEquals(Math.log(2), trained.lossSum(), 1e-6);
    assertArrayEquals(new float[] {0.05f, -0.05f, 0.025f, -0.025f}, trained.vector(), 1e-6f);
    try (Predictor predictor = Fixtures.ENGINE.predictor(network, trained.vector())) {
      float high = (float) (1 / (1 + Math.exp(-0.125)));
      assertArrayEquals(new float[] {high, 1 - high}, predictor.predict(1, X), 1e-6f);
    }
  }

  @Test
  void aNoisyLineIsFound() {
    int count = 64;
    float[] x = new float[count];
    float[] y = new float[count];
    for (int n = 0; n < count; n++) {
      x[n] = n / 16f - 2;
      y[n] = 1.5f * x[n] - 0.5f + (n % 2 == 0 ? 0.1f : -0.1f);
    }
    Network network = network(1, Network.Head.IDENTITY);
    TrainingSpec spec = Fixtures.sgd(0.05, 0.9, 16, 100).withLoss("mse");
    float[] found =
        Fixtures.ENGINE
            .train(
                network,
                spec,
                new LabelledInputs(count, x, new int[0], y),
                new float[2],
                1,
                (done, total) -> true)
            .vector();
    assertArrayEquals(new float[] {1.5f, -0.5f}, found, 0.02f);
  }

  @Test
  void aLossThatDoesNotGoWithTheHeadIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> step(network(1, Network.Head.IDENTITY), "cross-entropy", new float[2], 1));
    assertTrue(String.valueOf(refused.getMessage()).contains("training.loss = cross-entropy"));
    assertThrows(
        IllegalArgumentException.class,
        () -> step(network(1, Network.Head.IDENTITY), "mse", new float[2], 1, 2));
  }
}
