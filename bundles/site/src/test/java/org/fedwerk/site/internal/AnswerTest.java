// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static Task task(String label, String more) throws RefusedException {
    String yaml =
        Tasks.PRESS.replace("label: {name: result, classes: [good, bad]}", "label: " + label);
    return new YamlTaskReader().read(yaml + more).task();
  }

  private static Task twoClasses(String more) throws RefusedException {
    return task("{name: result, classes: [good, bad]}", more);
  }

  @Test
  void ofTwoClassesTheSecondIsPredictedFromTheThreshold() throws RefusedException {
    float[] outputs = {0.7f, 0.3f};
    assertEquals("good", Answer.of(twoClasses(""), outputs).predicted());
    assertEquals(0.5, Answer.of(twoClasses(""), outputs).threshold());
    Task costly = twoClasses("costs: {missed: 80, false-alarm: 20, currency: EUR}\n");
    Answer answer = Answer.of(costly, outputs);
    assertEquals("bad", answer.predicted(), "a missed one costs four times as much");
    assertEquals(0.2, answer.threshold(), 1e-12);
    assertEquals(0.3f, answer.probability());
  }

  @Test
  void ofMoreClassesTheMostLikelyIsPredicted() throws RefusedException {
    Answer answer =
        Answer.of(task("{name: r, classes: [a, b, c]}", ""), new float[] {0.3f, 0.5f, 0.2f});
    assertEquals("b", answer.predicted());
    assertEquals(0, answer.threshold());
  }

  @Test
  void aNumberIsToldInTheLabelsUnit() throws RefusedException {
    Task task = task("{name: nox, kind: value, unit: mg/m3, centre: 65, scale: 10}", "");
    Answer answer = Answer.of(task, new float[] {1.5f});
    assertEquals("80.0", answer.predicted());
    assertTrue(Double.isNaN(answer.probability()));
    assertEquals(List.of(), answer.probabilities());
    assertEquals("", Answer.none(task.schema().label()).predicted());
    assertThrows(ArithmeticException.class, () -> Answer.of(task, new float[] {Float.NaN}));
  }

  @Test
  void severalClassesAreToldTogetherAndNoneByADash() throws RefusedException {
    Task task = task("{name: faults, kind: classes, classes: [heat, power, strain]}", "");
    Answer answer = Answer.of(task, new float[] {0.75f, 0.25f, 0.5f});
    assertEquals("heat+strain", answer.predicted());
    assertEquals(0.5, answer.probability());
    assertEquals("-", Answer.of(task, new float[] {0.25f, 0, 0.125f}).predicted());
  }

  @Test
  void anAlarmIsAnotherClassThanTheFirstOrAnyOfSeveral() throws RefusedException {
    LabelSpec two = twoClasses("").schema().label();
    assertEquals(Optional.of(false), Answer.alarm(two, "good"));
    assertEquals(Optional.of(true), Answer.alarm(two, "bad"));
    LabelSpec some = task("{name: f, kind: classes, classes: [x, y]}", "").schema().label();
    assertEquals(Optional.of(false), Answer.alarm(some, "-"));
    assertEquals(Optional.of(true), Answer.alarm(some, "x"));
    LabelSpec number =
        task("{name: n, kind: value, unit: K, centre: 0, scale: 1}", "").schema().label();
    assertEquals(Optional.empty(), Answer.alarm(number, "1.0"));
    LabelSpec check = new LabelSpec("", List.of(), Duration.ofHours(1), Target.NORMALITY);
    assertEquals(Optional.of(true), Answer.alarm(check, Target.ANOMALY));
    assertEquals(Optional.of(false), Answer.alarm(check, Target.NORMAL));
    assertTrue(Double.isNaN(Answer.none(check).probability()));
  }

  @Test
  void aScoreAboveTheThresholdIsAnAnomalyAndWithoutAThresholdThereIsNoWord() {
    assertEquals(
        new Answer("anomaly", Double.NaN, List.of(), 0.5, 0.75), Answer.ofScore(0.75, 0.5));
    assertEquals("normal", Answer.ofScore(0.5, 0.5).predicted());
    assertEquals(new Answer("", Double.NaN, List.of(), 0, 0.75), Answer.ofScore(0.75, Double.NaN));
  }
}
