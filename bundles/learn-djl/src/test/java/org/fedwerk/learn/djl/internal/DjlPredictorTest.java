// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.junit.jupiter.api.Test;

class DjlPredictorTest {
  private final Network network = Fixtures.mlp(new int[] {2, 3}, 8, 3);
  private final float[] vector = Fixtures.start(network, 4);

  @Test
  void rowsAreProbabilitiesThatSumToOneAlsoAcrossChunks() {
    LabelledInputs many = Fixtures.clouds(700, 6, 3, 3, 1);

    try (Predictor predictor = ENGINE.predictor(network, vector)) {
      float[] probabilities = predictor.predict(700, many.values());

      assertEquals(2100, probabilities.length);
      for (int n = 0; n < 700; n++) {
        float sum = 0;
        for (int k = 0; k < 3; k++) {
          float probability = probabilities[3 * n + k];
          assertTrue(probability >= 0 && probability <= 1, "probability " + probability);
          sum += probability;
        }
        assertEquals(1, sum, 1e-5, "row " + n);
      }
    }
  }

  @Test
  void oneByOneGivesWhatABatchGives() {
    LabelledInputs some = Fixtures.clouds(20, 6, 3, 3, 1);

    try (Predictor predictor = ENGINE.predictor(network, vector)) {
      float[] together = predictor.predict(20, some.values());
      for (int n = 0; n < 20; n++) {
        float[] alone = predictor.predict(1, Arrays.copyOfRange(some.values(), 6 * n, 6 * n + 6));
        assertArrayEquals(Arrays.copyOfRange(together, 3 * n, 3 * n + 3), alone, 1e-6f);
      }
    }
  }

  @Test
  void aTrainedNetworkPredictsWhatItWasTaught() {
    LabelledInputs toy = Fixtures.clouds(60, 6, 3, 0.3, 2);
    TrainedVector trained =
        ENGINE.train(network, Fixtures.sgd(0.05, 0.9, 8, 40), toy, vector, 1, (d, t) -> true);

    try (Predictor predictor = ENGINE.predictor(network, trained.vector())) {
      float[] probabilities = predictor.predict(60, toy.values());
      for (int n = 0; n < 60; n++) {
        assertTrue(probabilities[3 * n + toy.classes()[n]] > 0.5, "example " + n);
      }
    }
  }

  @Test
  void aPredictorKeepsItsOwnCopyOfTheParameters() {
    float[] changing = vector.clone();
    float[] input = {1, 2, 3, 4, 5, 6};

    try (Predictor predictor = ENGINE.predictor(network, changing)) {
      float[] before = predictor.predict(1, input);
      Arrays.fill(changing, 0);
      ENGINE.train(
          network,
          Fixtures.sgd(0.5, 0.9, 4, 2),
          Fixtures.clouds(9, 6, 3, 1, 1),
          vector,
          1,
          (done, total) -> true);

      assertArrayEquals(before, predictor.predict(1, input));
    }
  }

  @Test
  void manyPredictorsAndPredictionsDoNotGrowNativeMemory() throws IOException {
    Network wide = Fixtures.mlp(new int[] {17, 60}, 64, 32, 4);
    float[] parameters = Fixtures.start(wide, 1);
    LabelledInputs some = Fixtures.clouds(32, 1020, 4, 2, 9);
    loadAndPredict(wide, parameters, some, 100);
    long before = Fixtures.residentKilobytes();

    loadAndPredict(wide, parameters, some, 1000);

    long grown = Fixtures.residentKilobytes() - before;
    assertTrue(grown < 48 * 1024, "resident memory grew by " + grown + " kB");
  }

  private static void loadAndPredict(Network network, float[] vector, LabelledInputs in, int n) {
    for (int i = 0; i < n; i++) {
      try (Predictor predictor = ENGINE.predictor(network, vector)) {
        predictor.predict(in.count(), in.values());
      }
    }
  }

  @Test
  void aClosedPredictorSaysSoAndMayBeClosedAgain() {
    Predictor predictor = ENGINE.predictor(network, vector);
    predictor.close();
    predictor.close();

    String message =
        assertThrows(IllegalStateException.class, () -> predictor.predict(1, new float[6]))
            .getMessage();

    assertTrue(message.contains("closed"), message);
  }

  @Test
  void stoppingTheEngineClosesItsPredictors() {
    DjlEngine engine = Fixtures.newEngine();
    Predictor before = engine.predictor(network, vector);
    engine.stop();
    Predictor after = engine.predictor(network, vector);

    assertThrows(IllegalStateException.class, () -> before.predict(1, new float[6]));
    assertThrows(IllegalStateException.class, () -> after.predict(1, new float[6]));
  }

  @Test
  void inputsThatDoNotFitAreRefused() {
    try (Predictor predictor = ENGINE.predictor(network, vector)) {
      assertThrows(IllegalArgumentException.class, () -> predictor.predict(0, new float[0]));
      assertThrows(IllegalArgumentException.class, () -> predictor.predict(2, new float[6]));
    }
    assertThrows(IllegalArgumentException.class, () -> ENGINE.predictor(network, new float[3]));
  }
}
