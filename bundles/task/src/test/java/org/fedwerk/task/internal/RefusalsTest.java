// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each refusal names line and key, and says what is allowed. */
class RefusalsTest {
  /** The least document; the tests below change one line of it. */
  static final String LEAST =
      """
      task: pump-wear
      owner: Maintenance
      purpose: see wear early
      schema:
        name: pumps
        version: 1
        signals:
          - name: flow
            unit: l/min
            min: 0
            max: 50
          - name: pressure
            unit: bar
            min: 0
            max: 400
        window:
          steps: 10
          step: 1s
        label:
          name: wear
          classes: [low, high]
      model:
        architecture: mlp
        hidden: [8]
      training:
        rate: 0.1
        batch: 16
      rounds:
        max: 5
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          task: pump-wear     | tsk: pump-wear       | 1  | tsk                    | did you mean "task"?
          task: pump-wear     | task: Pump Wear      | 1  | task                   | 1 to 40 lower-case letters
          task: pump-wear     | task: 17             | 1  | task                   | is not a text
          owner: Maintenance  | owner:               | 2  | owner                  | has no value
          owner: Maintenance  | owner: "a\\eb"       | 2  | owner                  | control characters
          owner: Maintenance  | owner: "  "          | 2  | owner                  | is empty
          purpose: see wear early | purpose: [a]     | 3  | purpose                | a list is not a text
          name: pumps         | nmae: pumps          | 5  | schema.nmae            | did you mean "name"?
          version: 1          | version: 1.5         | 6  | schema.version         | "1.5" is not a whole number; use a whole number from 1
          version: 1          | version: 0           | 6  | schema.version         | 0 is not in range
          version: 1          | version: 99999999999999999999 | 6 | schema.version | is not in range
          unit: l/min         | unit: 7              | 9  | schema.signals[0].unit | in quotes if it looks like a number: "7"
          unit: l/min         | Unit: l/min          | 9  | schema.signals[0].Unit | did you mean "unit"?
          max: 50             | max_gap: 50          | 11 | schema.signals[0].max_gap | did you mean "max-gap"?
          max: 50             | max: .inf            | 11 | schema.signals[0].max  | is not a finite decimal number
          max: 50             | max: -1              | 10 | schema.signals[0].min  | 0.0 is not below max, -1.0
          name: pressure      | name: flow           | 12 | schema.signals[1]      | signal "flow" stands twice, first on line 8
          steps: 10           | steps: 600000        | 17 | schema.window.steps    | from 1 to 100000
          step: 1s            | step: 1              | 18 | schema.window.step     | is not a duration; use a duration from 1ms to 1d
          step: 1s            | step: 0s             | 18 | schema.window.step     | is not in range
          classes: [low, high]| classes: [low, low]  | 21 | schema.label.classes[1]| class "low" stands twice
          classes: [low, high]| classes: [low]       | 21 | schema.label.classes   | has 1 classes; allowed are 2 to 64
          classes: [low, high]| classes: [130, low]  | 21 | schema.label.classes[0]| in quotes
          architecture: mlp   | architecture: linear | 24 | model.hidden           | a linear model has no hidden layers
          hidden: [8]         | hdden: [8]           | 24 | model.hdden            | did you mean "hidden"?
          rate: 0.1           | optimiser: adam      | 26 | training.optimiser     | did you mean "optimizer"?
          architecture: mlp   | architecture: cnn    | 23 | model.architecture     | "cnn" is not allowed; use one of linear, mlp, cnn1d, cnn2d, tcn, lstm, gru
          hidden: [8]         | hidden: [8, 0]       | 24 | model.hidden[1]        | 0 is not in range
          hidden: [8]         | hidden: 8            | 24 | model.hidden           | is not a list
          rate: 0.1           | rate: 0              | 26 | training.rate          | a number above 0, at most 10
          rate: 0.1           | rat: 0.1             | 26 | training.rat           | did you mean "rate"?
          batch: 16           | batch: many          | 27 | training.batch         | "many" is not a whole number
          max: 5              | maximum-of-rounds: 5 | 29 | rounds.maximum-of-rounds | known here: max, patience
          """)
  void aWrongLineIsRefusedWithItsNumberItsKeyAndWhatIsAllowed(
      String line, String wrong, int number, String key, String what) {
    String yaml =
        LEAST.replaceFirst("(?m)" + Pattern.quote(line) + "$", wrong.replace("\\", "\\\\"));
    List<Refusal> refusals = refusals(yaml);
    Refusal refusal =
        refusals.stream()
            .filter(each -> each.where().equals(key))
            .findFirst()
            .orElseThrow(() -> new AssertionError(refusals.toString()));
    assertEquals(number, refusal.line(), refusal.toString());
    assertTrue(refusal.what().contains(what), refusal.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          architecture: lstm, hidden: []            | model.hidden      | is empty; give lstm at least one size
          architecture: cnn1d, hidden: [8], kernel: 4 | model.kernel    | 4 is even; use an odd number
          architecture: gru, hidden: [8], kernel: 3 | model.kernel      | is for cnn1d, cnn2d, tcn, conv-autoencoder, not
          """)
  void aModelWhosePartsDoNotGoTogetherIsRefused(String model, String key, String what) {
    String yaml =
        LEAST.replaceFirst(
            "(?m)^model:\n.*\n.*$", "model: {" + Matcher.quoteReplacement(model) + "}");
    assertEquals(key, refusals(yaml).get(0).where());
    assertTrue(refusals(yaml).get(0).what().contains(what), refusals(yaml).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optimizer: adam, momentum: 0.9 | training.momentum  | is for sgd; adam has its own
          optimizer: lamb                | training.optimizer | use one of sgd, adam, adamw
          decay: 2                       | training.decay     | a number from 0 to 1
          proximal: -1                   | training.proximal  | a number from 0 to 100
          focal: 0.5                     | training.focal     | 0, or a number from 1 to 5
          """)
  void aTrainingWhosePartsDoNotGoTogetherIsRefused(String more, String key, String what) {
    String yaml =
        LEAST.replaceFirst("(?m)^  rate: 0.1$", "  rate: 0.1\n  " + more.replace(", ", "\n  "));
    assertEquals(key, refusals(yaml).get(0).where());
    assertTrue(refusals(yaml).get(0).what().contains(what), refusals(yaml).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          late: keep                                  | rounds.late         | drop or staleness
          mode: slow                                  | rounds.mode         | synchronous or asynchronous
          buffer: 2                                   | rounds.buffer       | needs mode: asynchronous
          staleness: {most: 3}                        | rounds.staleness    | needs late: staleness or mode: asynchronous
          late: drop, mode: asynchronous              | rounds.late         | does not go with mode: asynchronous
          mode: asynchronous, longest: 1h             | rounds.longest      | does not go with mode: asynchronous
          mode: asynchronous, cohort-most: 5          | rounds.cohort-most  | every site trains when it is free
          mode: asynchronous, cohort: {fraction: 0.5} | rounds.cohort       | every site trains when it is free
          mode: asynchronous, buffer: 3               | rounds.buffer       | 3 is above cohort-least, 2
          late: staleness, staleness: {exponent: -1}  | rounds.staleness.exponent | a number from 0 to 10
          late: staleness, staleness: {most: 0}       | rounds.staleness.most | not in range
          late: staleness, staleness: {function: constant, exponent: 1} | rounds.staleness.exponent | does not go with function: constant
          """)
  void aWayToTreatLateUpdatesThatDoesNotGoTogetherIsRefused(String more, String key, String what) {
    String yaml =
        LEAST.replaceFirst(
            "(?m)^  max: 5$", "  max: 5\n  " + more.replaceAll(", (?![^{]*})", "\n  "));
    assertEquals(key, refusals(yaml).get(0).where(), refusals(yaml).toString());
    assertTrue(refusals(yaml).get(0).what().contains(what), refusals(yaml).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          patience: 0           | 30 | rounds.patience     | from 1
          patiense: 4           | 30 | rounds.patiense     | did you mean "patience"?
          least: 6              | 30 | rounds.least        | 6 is above max, 5
          metric: rmse          | 30 | rounds.metric       | use one of balanced-accuracy, accuracy, loss, auc
          cohort-least: 1       | 30 | rounds.cohort-least | needs quorum: 1
          cohort_least: 3       | 30 | rounds.cohort_least | did you mean "cohort-least"?
          quorum: 3             | 30 | rounds.quorum       | 3 is above cohort-least, 2
          stall: 20             | 30 | rounds.stall        | is not a duration
          longest: 20s          | 30 | rounds.longest      | 20s is shorter than stall, 30s
          max: 7                | 30 | rounds.max          | stands twice, first on line 29
          cohort: some          | 30 | rounds.cohort       | "some" is not allowed; use all, {fraction: 0.5} or {freshest: 5}
          cohort: {}            | 30 | rounds.cohort       | says nothing; use all
          cohort: {fracton: 0.5} | 30 | rounds.cohort.fracton | did you mean "fraction"?
          cohort: {fraction: 0} | 30 | rounds.cohort.fraction | a number above 0, at most 1
          cohort: {fraction: 0.5, freshest: 2} | 30 | rounds.cohort.freshest | stands beside fraction
          cohort: {freshest: 1} | 30 | rounds.cohort.freshest | 1 is below cohort-least, 2
          cohort-most: 1        | 30 | rounds.cohort-most  | 1 is below cohort-least, 2
          cohort-mots: 4        | 30 | rounds.cohort-mots  | did you mean "cohort-most"?
          """)
  void aWrongOptionalKeyOfRoundsIsRefused(String added, int number, String key, String what) {
    assertOnly(LEAST + "  " + added + "\n", number, key, what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          seed: -1                | 30 | seed                | 0 to
          seed: 0x10              | 30 | seed                | is not in range
          normalisation: none     | 30 | normalisation       | use one of site, federated
          normalization: site     | 30 | normalization       | did you mean "normalisation"?
          strategy: {aggregator: krum} | 30 | strategy.aggregator | use one of fedavg, fednova, qfedavg
          strategy: fedavg        | 30 | strategy            | is not a group of keys
          privacy: gaussian       | 30 | privacy             | use none
          egress: {least-count: 0}| 30 | egress.least-count  | from 1
          retention: 90 days      | 30 | retention           | a number and ms, s, m, h or d
          something: else         | 30 | something           | known here: task, owner
          [a, b]: c               | 30 | document            | a key must be a word
          seed: !!int "3"         | 30 | document            | has a tag
          seed: &one 1            | 30 | document            | has an anchor
          """)
  void aWrongOptionalKeyIsRefused(String added, int number, String key, String what) {
    assertOnly(LEAST + added + "\n", number, key, what);
  }

  @ParameterizedTest
  @CsvSource({
    "task, 1",
    "owner, 1",
    "purpose, 1",
    "schema, 1",
    "model, 1",
    "training, 1",
    "rounds, 1"
  })
  void aMissingKeyIsRefused(String key, int line) {
    String yaml = LEAST.replaceFirst("(?m)^" + key + ":.*\n( .*\n)*", "");
    assertOnly(yaml, line, key, "is missing; give ");
  }

  @Test
  void aMissingKeyInsideAGroupIsRefusedWithTheGroupsLine() {
    assertOnly(LEAST.replace("  batch: 16\n", ""), 26, "training.batch", "is missing");
    assertOnly(LEAST.replace("      max: 50\n", ""), 8, "schema.signals[0].max", "is missing");
  }

  @Test
  void allRefusalsAreFoundInOnePassInTheOrderOfLines() {
    String yaml =
        LEAST
            .replace("owner: Maintenance", "ownr: Maintenance")
            .replace("unit: bar", "units: bar")
            .replace("step: 1s", "step: soon")
            .replace("batch: 16", "batch: 0")
            .replace("max: 5\n", "max: 0\n  quorum: x\n");
    assertEquals(
        List.of(
            "2 ownr",
            "13 schema.signals[1].units",
            "18 schema.window.step",
            "27 training.batch",
            "29 rounds.max",
            "30 rounds.quorum"),
        refusals(yaml).stream().map(r -> r.line() + " " + r.where()).toList());
  }

  @Test
  void aRefusalReadsAsOneLine() {
    assertEquals(
        "line 18, schema.window.step: \"soon\" is not a duration; use a duration from 1ms to 1d, "
            + "a number and ms, s, m, h or d, like 30s",
        refusals(LEAST.replace("step: 1s", "step: soon")).get(0).toString());
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsLine() {
    assertOnly(LEAST.replace("owner: Maintenance", "owner: [a"), 3, "document", "is not YAML");
    assertOnly(LEAST.replace("purpose:", "\tpurpose:"), 3, "document", "is not YAML");
    assertOnly(LEAST + "---\ntask: second\n", 30, "document", "is not YAML");
  }

  @Test
  void anythingButAGroupOfKeysIsRefused() {
    assertOnly("", 1, "document", "is not a group of keys");
    assertOnly("- a\n", 1, "document", "is not a group of keys");
    assertOnly("just words", 1, "document", "is not a group of keys");
  }

  @Test
  void aliasesAreRefusedSoThatADocumentIsAsLargeAsItLooks() {
    List<Refusal> refusals = refusals("task: &a [x]\nowner: [*a, *a]\n");
    assertEquals(List.of(1, 2, 2), refusals.stream().map(Refusal::line).toList());
    assertTrue(refusals.get(1).what().contains("alias"), refusals.toString());
  }

  @Test
  void aDocumentNestedTooDeeplyIsRefusedBeforeItIsBuilt() {
    assertOnly("task: " + "[".repeat(30_000), 1, "document", "nested more than 16 deep");
  }

  @Test
  void aDocumentThatIsTooLargeIsRefused() {
    assertOnly("#".repeat(70_000), 0, "document", "allowed are at most 65536");
  }

  @Test
  void aWindowOfTooManyValuesIsRefused() {
    String signals = "    - {name: s%d, unit: V, min: 0, max: 1}\n";
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      many.append(signals.formatted(i));
    }
    String yaml =
        LEAST
            .replaceFirst("(?s)    - name: flow.*max: 400\n", many.toString())
            .replace("steps: 10", "steps: 100000");
    assertOnly(yaml, 29, "schema.window", "20 signals times 100000 steps are more than 1000000");
  }

  @Test
  void refusalsAreListedUpToAHundred() {
    StringBuilder yaml = new StringBuilder(LEAST);
    for (int i = 0; i < 150; i++) {
      yaml.append("unknown-key-").append(i).append(": 1\n");
    }
    List<Refusal> refusals = refusals(yaml.toString());
    assertEquals(101, refusals.size());
    assertEquals("50 more refusals are not listed", refusals.get(100).what());
  }

  private static List<Refusal> refusals(String yaml) {
    return assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml)).refusals();
  }

  private static void assertOnly(String yaml, int line, String key, String what) {
    List<Refusal> refusals = refusals(yaml);
    assertEquals(1, refusals.size(), refusals.toString());
    Refusal refusal = refusals.get(0);
    assertEquals(key, refusal.where(), refusal.toString());
    assertEquals(line, refusal.line(), refusal.toString());
    assertTrue(refusal.what().contains(what), refusal.toString());
  }
}
