// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.ThresholdSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that find out what is normal, with what goes with them. */
class AnomalyTest {
  private static final String NAMED = "kind: anomaly, name: check, classes: [ok, bad]";
  private static final String MODEL = "architecture: autoencoder, hidden: [8, 2]";

  private static String yaml(String label, String model, String more) {
    return RefusalsTest.LEAST
            .replaceFirst(
                "(?m)^  label:\n.*\n.*$", "  label: {" + Matcher.quoteReplacement(label) + "}")
            .replaceFirst("(?m)^model:\n.*\n.*$", "model: {" + model + "}")
        + more;
  }

  private static Task read(String label, String more) throws RefusedException {
    return new YamlTaskReader().read(yaml(label, MODEL, more)).task();
  }

  @Test
  void partsNeedNoLabel() throws RefusedException {
    Task task = read("kind: anomaly", "");
    LabelSpec label = task.schema().label();
    assertEquals(Target.NORMALITY, label.target());
    assertEquals("", label.name());
    assertEquals(List.of(), label.classes());
    assertEquals("anomaly", label.kind());
    assertEquals(new ModelSpec("autoencoder", List.of(8, 2)), task.model());
    assertEquals("mse", task.training().loss());
    assertEquals("loss", task.rounds().metric());
    assertEquals(ThresholdSpec.USUAL, task.threshold());
  }

  @Test
  void aLabelTellsNormalPartsFromDefects() throws RefusedException {
    LabelSpec label = read("kind: anomaly, name: check, classes: [ok, a, b]", "").schema().label();
    assertEquals(0, label.read("ok").orElseThrow()[0]);
    assertEquals(1, label.read("a").orElseThrow()[0]);
    assertEquals(1, label.read("b").orElseThrow()[0]);
    assertTrue(label.read("c").isEmpty());
    assertEquals("auc", read(NAMED, "  metric: auc\n").rounds().metric());
  }

  @Test
  void theThresholdIsAQuantileAndAlarmsHaveABudget() throws RefusedException {
    assertEquals(
        new ThresholdSpec(0.95, 0.1, 50),
        read("kind: anomaly", "threshold: {quantile: 0.95, alarm-rate: 0.1, recent: 50}\n")
            .threshold());
    Task promoted =
        read(
            "kind: anomaly",
            "promotion: {by: rule, most: 0.5}\nrollout: {canary: 1, gate: {alarm-rate: 0.1}}\n");
    assertEquals(0.1, promoted.promotion().rollout().gate().alarmRate());
  }

  @Test
  void otherTasksHaveNone() throws RefusedException {
    assertNull(new YamlTaskReader().read(RefusalsTest.LEAST).task().threshold());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: anomaly, classes: [ok, bad]      | | | schema.label.classes | needs name
          kind: anomaly, lateness: 1h            | | | schema.label.lateness | needs name
          kind: anomaly, unit: K                 | | | schema.label.unit    | is for kind: value
          kind: anomaly, name: check             | | | schema.label.classes | is missing
          kind: anomaly                          | architecture: mlp, hidden: [8] | | model.architecture | mlp does not go with schema.label.kind anomaly; use autoencoder or conv-autoencoder
          name: c, classes: [a, b]               | architecture: conv-autoencoder, hidden: [8] | | model.architecture | goes with schema.label.kind anomaly, not class
          kind: anomaly                          | architecture: autoencoder, hidden: [] | | model.hidden | is empty
          kind: anomaly                          | architecture: autoencoder, hidden: [2], kernel: 3 | | model.kernel | not for autoencoder
          kind: anomaly, name: c, classes: [a, b] | | costs: {missed: 1, false-alarm: 1, currency: EUR} | costs | two classes
          kind: anomaly, name: c, classes: [a, b] | | local: {sampling: balanced}   | local.sampling   | not schema.label.kind anomaly
          kind: anomaly, name: c, classes: [a, b] | | strategy: {weights: balance}  | strategy.weights | not schema.label.kind anomaly
          kind: anomaly                          | | promotion: {by: rule, metric: auc, least: 0.9} | promotion.metric | use loss
          kind: anomaly, name: c, classes: [a, b] | | promotion: {by: rule, metric: alarm-rate, most: 0.9} | promotion.metric | one of loss, f1
          kind: anomaly                          | | threshold: {quantile: 1}       | threshold.quantile | below 1
          kind: anomaly                          | | threshold: {alarm-rate: 0.005} | threshold.alarm-rate | raise one of them
          kind: anomaly                          | | threshold: {recent: 50}        | threshold.recent | needs alarm-rate
          kind: anomaly                          | | threshold: {alarm-rate: 0.1, recent: 5} | threshold.recent | 10 to 100000
          kind: anomaly                          | | threshold: {quantil: 0.9}      | threshold.quantil | did you mean
          """)
  void whatDoesNotGoTogetherIsRefusedByItsKey(
      String label, String model, String more, String key, String what) {
    String yaml = yaml(label, model == null ? MODEL : model, more == null ? "" : more + "\n");
    assertFirst(yaml, key, what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          loss: huber             | training.loss          | use mse, which go with schema.label.kind anomaly
          class-weights: balanced | training.class-weights | does not go with schema.label.kind anomaly
          focal: 2                | training.focal         | does not go with schema.label.kind anomaly
          """)
  void whatATrainingOfClassesHasIsRefusedByItsKey(String line, String key, String what) {
    String yaml =
        yaml(NAMED, MODEL, "").replaceFirst("(?m)^  rate: 0.1$", "  rate: 0.1\n  " + line);
    assertFirst(yaml, key, what);
  }

  @Test
  void aRoundIsNotJudgedByWhatTheThresholdMakesOrByLabelsThatThereAreNot() {
    assertFirst(yaml(NAMED, MODEL, "  metric: alarm-rate\n"), "rounds.metric", "one of loss, auc");
    assertFirst(yaml("kind: anomaly", MODEL, "  metric: f1\n"), "rounds.metric", "use loss");
  }

  @Test
  void aThresholdIsForNoOtherTask() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> new YamlTaskReader().read(RefusalsTest.LEAST + "threshold: {quantile: 0.9}\n"));
    Refusal first = refused.refusals().get(0);
    assertEquals("threshold", first.where());
    assertTrue(first.line() > 1 && first.what().contains("not class"), first.toString());
  }

  @Test
  void theExampleFindsWhatIsNormalOnTheMillingPlants() throws IOException, RefusedException {
    Task task = new YamlTaskReader().read(ExamplesTest.text("milling-anomaly.yaml")).task();
    assertEquals(List.of("ok", "failure"), task.schema().label().classes());
    assertEquals("autoencoder", task.model().architecture());
    assertEquals(new ThresholdSpec(0.98, 0.1, 100), task.threshold());
    assertEquals("loss", task.rounds().metric());
  }

  private static void assertFirst(String yaml, String key, String what) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml));
    Refusal first = refused.refusals().get(0);
    assertEquals(key, first.where(), refused.refusals().toString());
    assertTrue(first.what().contains(what), first.toString());
  }
}
