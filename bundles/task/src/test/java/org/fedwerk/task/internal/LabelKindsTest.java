// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is learned, with what goes with it. */
class LabelKindsTest {
  private static final String NUMBER = "name: nox, kind: value, unit: mg/m3, centre: 65, scale: 10";
  private static final String SOME = "name: faults, kind: classes, classes: [heat, power, strain]";

  private static String yaml(String label, String training, String more) {
    return RefusalsTest.LEAST
            .replaceFirst(
                "(?m)^  label:\n.*\n.*$", "  label: {" + Matcher.quoteReplacement(label) + "}")
            .replaceFirst("(?m)^  rate: 0.1$", "  rate: 0.1" + training)
        + more;
  }

  private static Task read(String label, String training, String more) throws RefusedException {
    return new YamlTaskReader().read(yaml(label, training, more)).task();
  }

  @Test
  void aNumberHasAUnitAndAScaleThatAllSitesShare() throws RefusedException {
    Task task = read(NUMBER, "\n  loss: huber", "");
    assertEquals(new Target(Target.Kind.VALUE, "mg/m3", 65, 10), task.schema().label().target());
    assertEquals(1, task.schema().label().outputs());
    assertEquals("huber", task.training().loss());
    assertEquals("rmse", task.rounds().metric());
    assertEquals("mse", read(NUMBER, "", "").training().loss());
  }

  @Test
  void severalClassesHaveALossEach() throws RefusedException {
    Task task = read(SOME, "", "");
    assertEquals(Target.SOME_CLASSES, task.schema().label().target());
    assertEquals("binary-cross-entropy", task.training().loss());
    assertEquals("macro-f1", task.rounds().metric());
  }

  @Test
  void classesWeighAsGivenByNameOrInTheirOrder() throws RefusedException {
    String two = "name: n, classes: [\"0\", \"1\"]";
    TrainingSpec named = read(two, "\n  class-weights: {1: 5.0}", "").training();
    assertEquals(List.of(1.0, 5.0), named.classWeights());
    assertFalse(named.balanced());
    assertEquals(
        List.of(0.5, 2.0), read(two, "\n  class-weights: [0.5, 2]", "").training().classWeights());
    assertTrue(read(two, "\n  class-weights: balanced", "").training().balanced());
    assertEquals(List.of(), read(two, "\n  class-weights: none", "").training().classWeights());
  }

  @Test
  void costsGiveTheThreshold() throws RefusedException {
    Task task =
        read(
            "name: wear, classes: [low, high]",
            "",
            "costs: {missed: 90, false-alarm: 10, currency: EUR}\n");
    assertEquals(new Costs(90, 10, "EUR"), task.costs());
    assertNull(read(SOME, "", "").costs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: n, kind: value, unit: K, centre: 0                    |                          | | schema.label.scale   | is missing
          name: n, kind: value, unit: K, centre: 0, scale: 0          |                          | | schema.label.scale   | is not in range
          name: n, kind: value, unit: K, centre: 0, scale: 1, classes: [a, b] |                  | | schema.label.classes | a number has no classes
          name: n, classes: [a, b], unit: K                           |                          | | schema.label.unit    | is for kind: value
          name: n, kind: number, classes: [a, b]                      |                          | | schema.label.kind    | one of class, classes, value
          name: n, classes: [a, b]                                    | loss: mse                | | training.loss        | use cross-entropy, which go with schema.label.kind class
          name: n, kind: value, unit: K, centre: 0, scale: 1          | loss: cross-entropy      | | training.loss        | use mse or mae or huber
          name: n, kind: value, unit: K, centre: 0, scale: 1          | class-weights: balanced  | | training.class-weights | does not go with schema.label.kind value
          name: n, kind: classes, classes: [a, b]                     | class-weights: {a: 2}  | | training.class-weights | does not go with schema.label.kind classes
          name: n, classes: [a, b]                                    | class-weights: {c: 2}  | | training.class-weights.c | not a known key
          name: n, classes: [a, b]                                    | class-weights: {a: -1} | | training.class-weights.a | "-1" is not in range; use a weight from 0 to 1000
          name: n, classes: [a, b]                                    | class-weights: [1]     | | training.class-weights | has 1 weights, one for each of schema.label.classes; allowed are 2 to 2
          name: n, classes: [a, b]                                    | class-weights: [0, 0]  | | training.class-weights | is 0 for every class
          name: n, classes: [a, b]                                    | class-weights: [1, x]  | | training.class-weights[1] | use a weight from 0 to 1000
          name: n, classes: [a, b]                                    | class-weights: even    | | training.class-weights | use one of none, balanced, or weights by class like {b: 5}
          name: n, kind: classes, classes: [a, b]                     |                          | local: {sampling: balanced} | local.sampling | for labels of one class
          name: n, kind: value, unit: K, centre: 0, scale: 1          |                          | strategy: {weights: balance} | strategy.weights | for labels of one class
          name: n, kind: classes, classes: [a, b]                     | focal: 2                 | | training.focal       | does not go with schema.label.kind classes
          name: n, classes: [a, b, c]                                 | | costs: {missed: 1, false-alarm: 1, currency: EUR} | costs | two classes
          name: n, classes: [a, b]                                    | | costs: {missed: 0, false-alarm: 1, currency: EUR} | costs.missed | an amount above 0
          name: n, classes: [a, b]                                    | | costs: {missed: 1, false-alarm: 1, currency: euro} | costs.currency | three capital letters
          name: n, kind: value, unit: K, centre: 0, scale: 1          | | promotion: {by: rule, metric: rmse, least: 1} | promotion.least | use most
          name: n, kind: value, unit: K, centre: 0, scale: 1          | | promotion: {by: rule, metric: accuracy, least: 1} | promotion.metric | rmse, mae, loss
          """)
  void whatDoesNotGoTogetherIsRefusedByItsKey(
      String label, String training, String more, String key, String what) {
    String yaml =
        yaml(label, training == null ? "" : "\n  " + training, more == null ? "" : more + "\n");
    RefusedException refused =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml));
    Refusal first = refused.refusals().get(0);
    assertEquals(key, first.where(), refused.refusals().toString());
    assertTrue(first.what().contains(what), first.toString());
  }

  @Test
  void aRuleLooksAtNoMetricThatNeedsAHistogram() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                read(
                    "name: wear, classes: [low, high]",
                    "",
                    "  metric: auc\npromotion: {by: rule, least: 0.9}\n"));
    assertEquals("promotion.metric", refused.refusals().get(0).where());
    assertTrue(refused.refusals().get(0).what().contains("is missing"), refused.toString());
  }

  @Test
  void aNumberIsNoAlarm() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                read(
                    NUMBER,
                    "",
                    "promotion: {by: person}\nrollout: {canary: 1, gate: {alarm-rate: 0.1}}\n"));
    assertEquals("rollout.gate", refused.refusals().get(0).where());
  }
}
