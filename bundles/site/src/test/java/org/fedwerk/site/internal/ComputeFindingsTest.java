// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.Task;
import org.fedwerk.site.internal.TrainingProbe.Speed;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class ComputeFindingsTest {
  private String yaml = Tasks.PRESS.replace("batch: 4}", "batch: 4, epochs: 3}");
  private Speed speed = new Speed(0.5, 8, "");
  private double millis = 4;

  private ComputeFindings found() throws RefusedException {
    Task task = new YamlTaskReader().read(yaml).task();
    return new ComputeFindings(task, 16, speed, millis);
  }

  private Finding row(String name) throws RefusedException {
    return found().rows().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRoundIsEstimatedFromTheMeasuredSpeedAndTheTasksPasses() throws Exception {
    assertEquals(List.of(), found().blocked());
    assertEquals("8 examples/s", row("training speed").value());
    assertEquals(
        new Finding("training per round", 6, "s", "3 passes over 16 examples", "", Verdict.NONE),
        row("training per round"));
    assertEquals(
        new Finding("a training step", 0.5, "s", "", "below 30 s (rounds.stall)", Verdict.MET),
        row("a training step"));
    yaml = yaml + "local: {ditto: 0.1}\n";
    assertEquals(12, row("training per round").number());
  }

  @Test
  void aRoundLongerThanStallIsWorthALookOnlyBecauseProgressIsTold() throws Exception {
    speed = new Speed(20, 0.2, "");
    assertEquals(Verdict.NOTICE, row("training per round").verdict());
    assertTrue(row("training per round").value().contains("longer than rounds.stall"));
    assertEquals(List.of(), found().blocked());
  }

  @Test
  void aStepOfStallOrMoreKeepsTheSiteAway() throws Exception {
    speed = new Speed(30, 0.13, "");
    assertEquals(Verdict.SHORT, row("a training step").verdict());
    assertEquals(
        List.of(
            "a training step takes 30 s, so the coordinator hears nothing for longer than"
                + " rounds.stall, 30 s"),
        found().blocked());
  }

  @Test
  void aRoundThatTheTaskWouldEndBeforeKeepsTheSiteAway() throws Exception {
    yaml = yaml.replace("stall: 30s}", "stall: 30s, longest: 60s}");
    assertEquals(Verdict.MET, row("training per round").verdict());
    speed = new Speed(20, 0.2, "");
    assertEquals("at most 60 s (rounds.longest)", row("training per round").needed());
    assertEquals(
        List.of("the training of a round takes some 240 s, rounds.longest ends it after 60 s"),
        found().blocked());
  }

  @Test
  void aPredictionIsHeldAgainstTheBudgetWhereThereIsOne() throws Exception {
    assertEquals(new Finding("a prediction", 4, "ms", "", "", Verdict.NONE), row("a prediction"));
    yaml = yaml.replace("hidden: [3]}", "hidden: [3], budget: {milliseconds-per-prediction: 5}}");
    assertEquals(Verdict.MET, row("a prediction").verdict());
    millis = 5.5;
    assertEquals(
        List.of("a prediction takes 5.50 ms, model.budget.milliseconds-per-prediction allows 5"),
        found().blocked());
    millis = Double.NaN;
    assertEquals(Verdict.SHORT, row("a prediction").verdict());
    assertEquals(1, found().blocked().size());
  }

  @Test
  void whatWasNotMeasuredHasNoNumber() throws Exception {
    speed = new Speed(Double.NaN, Double.NaN, "");
    assertEquals("not measured: there is no training example", row("training speed").value());
    assertEquals(List.of(), found().blocked());
    speed = new Speed(0.5, 8, "training diverges here: the loss is not finite at step 3");
    assertEquals(List.of(speed.failure()), found().blocked());
    assertEquals("8 examples/s", row("training speed").value(), "some steps were made");
  }
}
