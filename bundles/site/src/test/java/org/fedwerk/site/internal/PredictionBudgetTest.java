// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class PredictionBudgetTest {
  private static final Ready WILLING = new Ready(true, "", 6, 3, 3);

  private final Queue<Runnable> work = new ArrayDeque<>();
  private long now;
  private long first = 900_000_000;
  private long each = 4_000_000;
  private boolean broken;

  private final PredictionBudget budget =
      new PredictionBudget(new Slow(), task -> Tasks.network(), () -> now);

  /** Takes the time that the test says, most of it the first time. */
  private final class Slow implements Engine {
    @Override
    public String description() {
      return "slow";
    }

    @Override
    public TrainedVector train(
        Network network,
        TrainingSpec spec,
        LabelledInputs inputs,
        float[] start,
        long seed,
        TrainingProgress progress) {
      throw new UnsupportedOperationException("nothing is trained before a site is ready");
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      return new Predictor() {
        @Override
        public float[] predict(int count, float[] values) {
          assertEquals(1, count);
          assertEquals(4, values.length);
          if (broken) {
            throw new IllegalStateException("value 42.5 broke it");
          }
          now += first + each;
          first = 0;
          return new float[2];
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }
  }

  private static KnownTask task(String budget) throws RefusedException {
    String yaml = Tasks.PRESS.replace("hidden: [3]}", "hidden: [3], budget: {" + budget + "}}");
    return new KnownTask(new YamlTaskReader().read(yaml), Approval.APPROVED, "", false);
  }

  private Ready within(KnownTask task, Ready ready) {
    return budget.within(task, ready, work::add);
  }

  private Ready measured(KnownTask task) {
    Ready before = within(task, WILLING);
    assertEquals("it is measured how long a prediction takes here", before.reason());
    assertEquals(1, work.size());
    work.remove().run();
    return within(task, WILLING);
  }

  @Test
  void aTaskWithoutThatBoundIsNotMeasured() throws RefusedException {
    assertEquals(WILLING, within(task("parameters: 100"), WILLING));
    Ready unwilling = new Ready(false, "declined", 0, 0, 0);
    assertEquals(unwilling, within(task("milliseconds-per-prediction: 5"), unwilling));
    assertTrue(work.isEmpty());
  }

  @Test
  void aSiteThatIsFastEnoughIsReadyOnceThatIsMeasured() throws RefusedException {
    KnownTask task = task("milliseconds-per-prediction: 5");
    assertEquals(WILLING, measured(task));
    assertEquals(WILLING, within(task, WILLING));
    assertTrue(work.isEmpty(), "once is enough");
  }

  @Test
  void aSiteThatIsTooSlowSaysWhatWasMeasuredAndWhatIsAllowedAndMeasuresAgain()
      throws RefusedException {
    KnownTask task = task("milliseconds-per-prediction: 2.5");
    Ready slow = measured(task);
    assertEquals(
        new Ready(
            false,
            "a prediction takes 4.00 ms here, model.budget.milliseconds-per-prediction allows 2.5",
            0,
            0,
            0),
        slow);
    assertEquals(slow, within(task, WILLING));
    assertTrue(work.isEmpty());
    now += Duration.ofMinutes(10).toNanos();
    each = 1_000_000;
    assertEquals(slow, within(task, WILLING), "until it is measured anew");
    work.remove().run();
    assertEquals(WILLING, within(task, WILLING));
  }

  @Test
  void anEngineThatFailsIsToldByItsTypeAlone() throws RefusedException {
    broken = true;
    Ready failed = measured(task("milliseconds-per-prediction: 5"));
    assertEquals(
        "a prediction could not be measured (IllegalStateException); see the site's log",
        failed.reason());
  }

  private String refusal(KnownTask task) {
    return assertThrows(RefusedException.class, () -> budget.require(task)).getMessage();
  }

  @Test
  void aModelIsDeployedOnlyWithinTheBudgetAndMeasuredForThatIfNobodyDid() throws RefusedException {
    KnownTask fine = task("milliseconds-per-prediction: 5");
    budget.require(fine);
    assertEquals("", budget.refusal(fine.digest()));
    assertTrue(work.isEmpty(), "on the thread that asks");
    KnownTask slow = task("milliseconds-per-prediction: 2.5");
    assertFalse(budget.refuses(slow.digest()));
    String why =
        "a prediction takes 4.00 ms here, model.budget.milliseconds-per-prediction allows 2.5";
    assertEquals("model.budget: " + why, refusal(slow));
    assertEquals(why, budget.refusal(slow.digest()));
    assertTrue(budget.refuses(slow.digest()), "what would not be deployed is not fetched");
    assertFalse(budget.mayDeployAgain());
    long before = now;
    assertEquals("model.budget: " + why, refusal(slow));
    assertEquals(before, now, "it is not measured each time");
  }

  @Test
  void aModelThatWasNotDeployedIsAskedForAgainWhenItMayBe() throws RefusedException {
    KnownTask task = task("milliseconds-per-prediction: 2.5");
    assertTrue(refusal(task).startsWith("model.budget: "));
    now += Duration.ofMinutes(10).toNanos();
    assertFalse(budget.refuses(task.digest()));
    assertTrue(budget.mayDeployAgain());
    assertFalse(budget.mayDeployAgain(), "once");
    each = 1_000_000;
    budget.require(task);
    assertEquals("", budget.refusal(task.digest()));
  }

  @Test
  void soItIsIfTheSiteBecomesReadyMeanwhile() throws RefusedException {
    KnownTask task = task("milliseconds-per-prediction: 2.5");
    assertTrue(refusal(task).startsWith("model.budget: "));
    now += Duration.ofMinutes(10).toNanos();
    each = 1_000_000;
    Ready slow = within(task, WILLING);
    assertFalse(slow.willing());
    work.remove().run();
    assertEquals(WILLING, within(task, WILLING));
    assertTrue(budget.mayDeployAgain());
  }

  @Test
  void aTaskWithoutThatBoundIsDeployedUnmeasured() throws RefusedException {
    broken = true;
    budget.require(task("parameters: 100"));
    assertFalse(budget.mayDeployAgain());
  }
}
