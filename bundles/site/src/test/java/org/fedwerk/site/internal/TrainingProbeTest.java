// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.site.internal.TrainingProbe.Speed;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class TrainingProbeTest {
  private static final long SECOND = 1_000_000_000;

  private final Task task;
  private long now;
  private long first = SECOND;
  private long each = SECOND / 10;
  private int made;
  private int total;
  private RuntimeException after;
  private boolean interrupted;

  private final TrainingProbe probe =
      new TrainingProbe(new Timed(), new NamedArchitectures(), () -> now);

  TrainingProbeTest() throws RefusedException {
    task = new YamlTaskReader().read(Tasks.PRESS).task();
  }

  /** Takes the time that the test says, most of it for the first step. */
  private final class Timed implements Engine {
    @Override
    public String description() {
      now += 5 * SECOND;
      return "timed";
    }

    @Override
    public TrainedVector train(
        Network network,
        TrainingSpec spec,
        LabelledInputs inputs,
        float[] start,
        long seed,
        TrainingProgress progress) {
      int perEpoch = (inputs.count() + spec.batch() - 1) / spec.batch();
      total = spec.epochs() * perEpoch;
      for (made = 1; made <= total; made++) {
        now += made == 1 ? first : each;
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        if (!progress.step(made, total)) {
          throw new CancellationException("enough");
        }
        if (after != null) {
          throw after;
        }
      }
      made = total;
      return new TrainedVector(start, total, 1, 1);
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      throw new UnsupportedOperationException("nothing is predicted");
    }
  }

  private Speed measured(int examples) throws InterruptedException {
    LabelledInputs inputs =
        new LabelledInputs(examples, new float[4 * examples], new int[examples]);
    return probe.measure(task, Tasks.network(), inputs);
  }

  @Test
  void theFirstStepIsNotCountedAndFewExamplesAreReadOftenEnough() throws Exception {
    Speed speed = measured(8);
    assertEquals(new Speed(0.1, 40, ""), speed, "batches of four");
    assertTrue(made >= 20, made + " steps");
  }

  @Test
  void itEndsAfterThreeSecondsHoweverManyExamplesThereAre() throws Exception {
    Speed speed = measured(4000);
    assertEquals(0.1, speed.stepSeconds(), 1e-9);
    assertEquals(21, made, "a second and twenty tenths");
    assertEquals(1000, total);
  }

  @Test
  void aStepOfMoreThanThreeSecondsIsMeasuredByItself() throws Exception {
    first = 40 * SECOND;
    assertEquals(new Speed(40, 0.1, ""), measured(8));
    assertEquals(1, made);
  }

  @Test
  void aTrainingThatDivergesOrFailsSaysSo() throws Exception {
    after = new ArithmeticException("the loss is not finite at step 1");
    assertEquals("training diverges here: the loss is not finite at step 1", measured(8).failure());
    after = new IllegalStateException("value 42.5 of part S-17 broke it");
    assertEquals(
        "training fails here (IllegalStateException); the site's log says more",
        measured(8).failure());
  }

  @Test
  void anInterruptEndsIt() {
    interrupted = true;
    assertThrows(InterruptedException.class, () -> measured(4000));
    assertEquals(1, made);
  }
}
