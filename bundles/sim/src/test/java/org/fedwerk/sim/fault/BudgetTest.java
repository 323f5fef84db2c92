// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.sim.internal.SimFederation;
import org.junit.jupiter.api.Test;

/** What a model may cost, from the document to the sites. */
class BudgetTest {
  private static String task(String budget) {
    return Bench.task(1, "max: 1, cohort-least: 3, quorum: 3, stall: 30m")
        .replace("hidden: [3]}", "hidden: [3], budget: {" + budget + "}}");
  }

  @Test
  void aModelBeyondItIsRefusedWithLineAndKeyBeforeAnyRound() {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    String yaml = task("parameters: 22, bytes-per-round: 100");
    int line = yaml.substring(0, yaml.indexOf("model:")).split("\n", -1).length;
    federation.submit(yaml);
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> federation.run(Duration.ofMinutes(1), () -> !federation.tasks().isEmpty()));
    String message = refused.getMessage();
    assertTrue(
        message.contains(
            "line "
                + line
                + ", model.budget.parameters: the model has 23 parameters, the budget 22"),
        message);
    assertTrue(message.contains("line " + line + ", model.budget.bytes-per-round: "), message);
    assertEquals(0, federation.tasks().size());
  }

  /** A model of 30 parameters in ranges of 8: 4 x 4 and 2 x 4 weights with their biases. */
  private static String refusal(String compression, int bytes) {
    String yaml =
        Bench.task(1, "max: 1, cohort-least: 3, quorum: 3, stall: 30m", compression)
            .replace("hidden: [3]}", "hidden: [4], budget: {bytes-per-round: " + bytes + "}}");
    try (VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain())) {
      federation.start();
      federation.submit(yaml);
      federation.run(Duration.ofMinutes(1), () -> !federation.tasks().isEmpty());
      return "";
    } catch (IllegalStateException refused) {
      return refused.getMessage();
    }
  }

  private static void assertBytes(String compression, int down, int up) {
    String refusal = refusal(compression, 4000);
    String words = "would get about " + down + " bytes a round and send about " + up + ", ";
    assertTrue(refusal.contains(words), refusal);
    int most = Math.max(down, up);
    assertTrue(refusal(compression, most - 1).contains(words));
    assertEquals("", refusal(compression, most));
  }

  /**
   * Messages have 4096 bytes and twice 40 for each of four chunks. Plain, a model has 120. In
   * factors of rank 1 the weights have 8 and 6 values and two bytes before them, the biases 4 and 2
   * and one byte. As int8 three ranges of 8 values have 5 bytes besides, and so has one of 6.
   */
  @Test
  void bytesAreThoseOfTheCodeInWhichModelAndUpdateTravel() {
    assertBytes("", 4536, 4536);
    String factors = "compression: {values: low-rank, rank: 1";
    assertBytes(factors + "}\n", 4536, 4416 + 4 * 20 + 6);
    assertBytes(factors + ", down: {precision: int8}}\n", 4416 + 30 + 20, 4416 + 4 * 20 + 6);
    assertBytes("compression: {precision: int8}\n", 4536, 4416 + 30 + 20);
  }

  @Test
  void sitesThatAreFastEnoughTakePart() {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    federation.submit(task("parameters: 23, milliseconds-per-prediction: 60000"));
    assertTrue(
        federation.run(
            Duration.ofHours(1),
            () ->
                federation.tasks().stream()
                    .anyMatch(each -> each.run().state().equals("finished"))));
  }

  /** A site whose engine takes five milliseconds for each prediction at least. */
  private static final class Slow implements Engine {
    private static final long TAKES = TimeUnit.MILLISECONDS.toNanos(5);

    private final WalkEngine walk = new WalkEngine(() -> 0);

    @Override
    public String description() {
      return "slow, plain Java";
    }

    @Override
    public TrainedVector train(
        Network network,
        TrainingSpec spec,
        LabelledInputs inputs,
        float[] start,
        long seed,
        TrainingProgress progress) {
      throw new AssertionError("a site beyond the budget was asked to train");
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      Predictor fast = walk.predictor(network, vector);
      return new Predictor() {
        @Override
        public float[] predict(int count, float[] values) {
          long end = System.nanoTime() + TAKES;
          while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TAKES);
          }
          return fast.predict(count, values);
        }

        @Override
        public void close() {
          fast.close();
        }
      };
    }
  }

  private static String within(String milliseconds, int least) {
    String rounds = "max: 2, cohort-least: %d, quorum: 2, stall: 10m".formatted(least);
    String budget = "budget: {milliseconds-per-prediction: " + milliseconds + "}";
    return Bench.task(1, rounds).replace("hidden: [3]}", "hidden: [3], " + budget + "}");
  }

  /** Site a is slow. */
  private static SimFederation oneIsSlow() {
    Engine fast = new WalkEngine(() -> 0);
    SimFederation federation = new SimFederation(fast);
    federation.add("a", new MemoryStorage(), Bench.examples("a"), Bench.OWNER, new Slow());
    for (String site : List.of("b", "c")) {
      federation.add(site, new MemoryStorage(), Bench.examples(site), Bench.OWNER, fast);
    }
    return federation;
  }

  @Test
  void aSiteThatIsTooSlowSaysWhatItMeasuredAndATaskThatNeedsItWaits() throws Exception {
    try (SimFederation federation = oneIsSlow()) {
      IllegalStateException waits =
          assertThrows(
              IllegalStateException.class,
              () -> federation.run(within("2.5", 3), Duration.ofSeconds(10)));
      String message = waits.getMessage();
      assertTrue(message.contains("waiting for sites"), message);
      assertTrue(message.contains("a prediction takes "), message);
      assertTrue(
          message.contains("ms here, model.budget.milliseconds-per-prediction allows 2.5"),
          message);
    }
  }

  @Test
  void theOthersLearnWithoutASiteThatIsTooSlow() throws Exception {
    try (SimFederation federation = oneIsSlow()) {
      for (RoundRecord round : federation.run(within("2.5", 2), Duration.ofMinutes(1))) {
        assertEquals(List.of("b", "c"), round.cohort());
      }
      TaskView slow = federation.sites().get("a").get(0);
      assertEquals(Optional.empty(), slow.deployed());
      assertTrue(slow.reason().contains("a prediction takes "), slow.reason());
    }
  }
}
