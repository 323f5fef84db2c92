// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Learns the accumulator's condition of the hydraulic test rig (Helwig, Pignanelli, Schuetze 2015)
 * from windows of 17 signals x 60 seconds, three sites by cooler level.
 */
class HydraulicTest {
  private static final long SEED = 0;

  private static List<HydraulicSite> sites = List.of();
  private final Network network = Fixtures.mlp(new int[] {17, 60}, 64, 32, 4);
  private final float[] start = Fixtures.start(network, SEED);

  @BeforeAll
  static void load() throws IOException {
    Optional<Path> folder = HydraulicSite.folder();
    assumeTrue(
        folder.isPresent(),
        "no folder shared/data/hydraulic beside the checkout; set -Dfedwerk.data=<folder of data>");
    sites =
        List.of(
            HydraulicSite.read(folder.get(), "cooler-003"),
            HydraulicSite.read(folder.get(), "cooler-020"),
            HydraulicSite.read(folder.get(), "cooler-100"));
  }

  @Test
  void pooledTrainingReachesTheKnownAccuracy() {
    LabelledInputs pooled = LabelledInputsOf.all(sites.stream().map(s -> s.train()).toList());
    long began = System.nanoTime();
    TrainedVector trained = train(pooled, start, 60, SEED);
    double millis = (System.nanoTime() - began) / 1e6 / 60;

    double accuracy = testAccuracy(trained.vector());

    System.out.printf(
        "hydraulic pooled, 60 epochs: balanced accuracy %.3f; %.1f ms per epoch of %d examples"
            + " x 1020%n",
        accuracy, millis, pooled.count());
    assertTrue(accuracy >= 0.88, "balanced accuracy " + accuracy);
  }

  @Test
  void federatedAveragingOfFortyRoundsComesNear() {
    float[] global = start.clone();
    for (int round = 1; round <= 40; round++) {
      double[] sum = new double[global.length];
      long examples = 0;
      for (HydraulicSite site : sites) {
        long seed = 1000L * round + examples;
        float[] local = train(site.train(), global, 1, seed).vector();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += site.train().count() * (double) local[i];
        }
        examples += site.train().count();
      }
      for (int i = 0; i < sum.length; i++) {
        global[i] = (float) (sum[i] / examples);
      }
    }

    double accuracy = testAccuracy(global);

    System.out.printf("hydraulic FedAvg, 40 rounds of 1 epoch: balanced accuracy %.3f%n", accuracy);
    assertTrue(accuracy >= 0.88, "balanced accuracy " + accuracy);
  }

  private TrainedVector train(LabelledInputs inputs, float[] from, int epochs, long seed) {
    TrainingSpec spec = Fixtures.sgd(0.02, 0.9, 32, epochs);
    return ENGINE.train(network, spec, inputs, from, seed, (done, total) -> true);
  }

  /** Mean over the sites. */
  private double testAccuracy(float[] vector) {
    try (Predictor predictor = ENGINE.predictor(network, vector)) {
      return sites.stream()
          .mapToDouble(site -> balancedAccuracy(predictor, site.test()))
          .average()
          .orElseThrow();
    }
  }

  private static double balancedAccuracy(Predictor predictor, LabelledInputs inputs) {
    float[] probabilities = predictor.predict(inputs.count(), inputs.values());
    int[] right = new int[4];
    int[] actual = new int[4];
    for (int n = 0; n < inputs.count(); n++) {
      int best = 0;
      for (int k = 1; k < 4; k++) {
        best = probabilities[4 * n + k] > probabilities[4 * n + best] ? k : best;
      }
      actual[inputs.classes()[n]]++;
      right[inputs.classes()[n]] += best == inputs.classes()[n] ? 1 : 0;
    }
    double recalls = 0;
    for (int k = 0; k < 4; k++) {
      recalls += (double) right[k] / actual[k];
    }
    return recalls / 4;
  }
}
