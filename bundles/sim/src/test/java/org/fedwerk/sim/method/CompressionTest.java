// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Federations whose updates are coded: what they come to is what they would have come to. */
@Timeout(120)
class CompressionTest {
  private static float[] model(String compression, int rounds, double skew) {
    QuadraticEngine a = new QuadraticEngine(1 - skew, 5, 0.5);
    QuadraticEngine b = new QuadraticEngine(1 + skew, 5, 0.5);
    TwoSites.run(new FedAvg(), "compression: {" + compression + "}\n", rounds, a, b);
    return a.start();
  }

  /**
   * Of eight values in a range one or two are sent; the memory brings the others (Stich et al.
   * 2018). What sites keep pulls to their own minimum meanwhile, so the model sways around the
   * common one by that much, and the skew is small here.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          values: all, precision: float16                                | 30  | 2   | 0.01
          values: all, precision: int8, deflate: on                      | 30  | 2   | 0.05
          values: all, precision: int4                                   | 40  | 2   | 0.4
          values: top-k, share: 0.1                                      | 100 | 0.1 | 0.15
          values: top-k, share: 0.2, precision: int4, deflate: on        | 100 | 0.1 | 0.15
          values: mask, share: 0.5                                       | 60  | 0.1 | 0.15
          values: low-rank, rank: 1                                      | 60  | 0.1 | 0.15
          values: low-rank, rank: 1, precision: int8, zstd: on, down: {precision: int8} | 60 | 0.1 | 0.15
          precision: int4, zstd: on                                      | 40  | 2   | 0.4
          down: {precision: int8, zstd: on}                              | 30  | 2   | 0.05
          down: {values: top-k, share: 0.2}                              | 100 | 0.1 | 0.15
          precision: int8, down: {values: top-k, share: 0.2, precision: int8} | 100 | 0.1 | 0.15
          """)
  void everyElementComesToTheMinimum(
      String compression, int rounds, double skew, double tolerance) {
    float[] model = model(compression, rounds, skew);
    for (int i = 0; i < model.length; i++) {
      assertEquals(1, model[i], tolerance, compression + ", element " + i);
    }
  }

  @Test
  void anUpdateBelowTheNormIsNoChange() {
    assertArrayEquals(model("skip-below: 1000", 1, 2), model("skip-below: 1000", 4, 2));
  }

  /** One site has little to say and says so in a byte a range; the other's update counts whole. */
  @Test
  void aSkippedUpdateSavesItsBytesAndTheOthersCount() {
    QuadraticEngine content = new QuadraticEngine(0, 5, 0.5);
    QuadraticEngine wanting = new QuadraticEngine(10, 5, 0.5);
    float[] start = model("precision: float32", 1, 0);
    RoundRecord plain = firstRound("precision: float32", content, wanting);
    RoundRecord skipped = firstRound("skip-below: 2", content, wanting);
    float[] model = content.start();
    double share = 0.5 * (1 - Math.pow(1 - 0.1 * 0.5, 5));
    for (int i = 0; i < model.length; i++) {
      assertEquals(start[i] + share * (10 - start[i]), model[i], 1e-4, "element " + i);
    }
    int update = Float.BYTES * model.length;
    long saved = plain.bytesUp() - skipped.bytesUp();
    assertTrue(saved > 0.8 * update, saved + " of an update of " + update);
  }

  private static RoundRecord firstRound(
      String compression, QuadraticEngine content, QuadraticEngine wanting) {
    return TwoSites.run(new FedAvg(), "compression: {" + compression + "}\n", 2, content, wanting)
        .tasks()
        .get(0)
        .rounds()
        .get(0);
  }
}
