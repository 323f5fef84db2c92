// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents that users copy. */
class ExamplesTest {
  @Test
  void theMillingTaskSaysWhatTheDemoNeeds() throws IOException, RefusedException {
    Task task = read("milling.yaml").task();
    assertEquals("milling-quality", task.name());
    assertEquals(
        List.of(
            "air-temperature",
            "process-temperature",
            "rotational-speed",
            "torque",
            "tool-wear",
            "variant"),
        task.schema().signals().stream().map(SignalSpec::name).toList());
    assertEquals(
        List.of("K", "K", "1/min", "Nm", "min", ""),
        task.schema().signals().stream().map(SignalSpec::unit).toList());
    assertEquals(48, task.schema().inputSize());
    assertEquals(Duration.ofSeconds(1), task.schema().window().step());
    assertEquals(List.of("ok", "failure"), task.schema().label().classes());
    assertEquals(List.of(64, 32), task.model().hidden());
    assertEquals(new TrainingSpec("sgd", 0.02, 0.9, 32, 1, true), task.training());
    assertEquals(
        new RoundsSpec(
            60,
            15,
            30,
            "balanced-accuracy",
            3,
            500,
            0,
            Duration.ofSeconds(20),
            null,
            CohortSpec.ALL,
            LateSpec.DROP,
            0),
        task.rounds());
    assertTrue(task.purpose().startsWith("Predict"));
  }

  @Test
  void theHydraulicTaskHasTheSignalsAndClassesOfTheDataSet() throws IOException, RefusedException {
    Task task = read("hydraulic-accumulator.yaml").task();
    assertEquals(
        List.of(
            "PS1", "PS2", "PS3", "PS4", "PS5", "PS6", "EPS1", "FS1", "FS2", "TS1", "TS2", "TS3",
            "TS4", "VS1", "CE", "CP", "SE"),
        task.schema().signals().stream().map(SignalSpec::name).toList());
    assertEquals(17 * 60, task.schema().inputSize());
    assertEquals(
        List.of("optimal", "slightly-reduced", "severely-reduced", "near-failure"),
        task.schema().label().classes());
    assertEquals(new TrainingSpec("sgd", 0.02, 0.9, 32, 1, false), task.training());
    assertEquals(80, task.rounds().max());
    assertEquals(15, task.rounds().patience());
    assertEquals(40, task.rounds().least());
  }

  @Test
  void theTaskOnImagesSaysWhatAModelSees() throws IOException, RefusedException {
    Task task = read("plates.yaml").task();
    assertEquals(
        new ImageSpec("camera", 32, 32, ImageSpec.GREY, true, true), task.schema().image());
    assertEquals(List.of("clean", "scratched"), task.schema().label().classes());
    assertEquals(
        new ModelSpec(
            "cnn2d", List.of(8, 16), 3, new ModelSpec.Budget(10_000, Long.MAX_VALUE, 200)),
        task.model());
    assertEquals(40, task.rounds().max());
  }

  @Test
  void theTaskOnABaseNamesTheFileThatLiesBesideIt() throws IOException, RefusedException {
    ModelSpec model = read("milling-base.yaml").task().model();
    ModelSpec.Base base = Objects.requireNonNull(model.base());
    assertEquals(
        Digest.of(Files.readAllBytes(Path.of("../../docs/examples/base/moments.pt"))), base.file());
    assertEquals(12, base.features());
    assertEquals(List.of(16), model.hidden());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{sha256: abc, features: 12}|model.base.sha256|is no name; use the SHA-256",
        "{features: 12}|model.base.sha256|is missing",
        "{sha256: \"HEX\"}|model.base.features|is missing",
        "{sha256: \"HEX\", features: 0}|model.base.features|is not in range",
        "{sha256: \"HEX\", features: 12, name: x}|model.base.name|is not a known key",
      })
  void aBaseThatIsNotSaidWholeIsRefused(String base, String key, String words) {
    assertRefused("mlp, hidden: [4]", base, key, words);
  }

  @Test
  void aBaseStandsBeforeDenseLayersOnly() {
    assertRefused(
        "cnn1d, hidden: [4]",
        "{sha256: \"HEX\", features: 12}",
        "model.base",
        "is for linear, mlp, not for cnn1d");
  }

  private static void assertRefused(String network, String base, String key, String words) {
    String model =
        "model: {architecture: "
            + network
            + ", base: "
            + base.replace("HEX", "0a".repeat(32))
            + "}";
    String yaml = RefusalsTest.LEAST.replaceFirst("(?m)^model:\n.*\n.*$", model);
    RefusedException refused =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(key) && message.contains(words), message);
  }

  @Test
  void modelAndTrainingAreReadAsTheyAreWritten() throws RefusedException {
    String yaml =
        RefusalsTest.LEAST
            .replaceFirst(
                "(?m)^model:\n.*\n.*$",
                "model: {architecture: tcn, hidden: [16, 8], kernel: 5,"
                    + " budget: {parameters: 100000, bytes-per-round: 1000000,"
                    + " milliseconds-per-prediction: 5}}")
            .replaceFirst(
                "(?m)^  rate: 0.1$",
                "  rate: 0.1\n  optimizer: adamw\n  decay: 0.01\n  proximal: 0.1\n  focal: 2");
    Task task = new YamlTaskReader().read(yaml).task();
    assertEquals(
        new ModelSpec("tcn", List.of(16, 8), 5, new ModelSpec.Budget(100_000, 1_000_000, 5)),
        task.model());
    assertEquals(new TrainingSpec("adamw", 0.1, 0, 16, 1, false, 0.01, 0.1, 2), task.training());
    String linear =
        RefusalsTest.LEAST.replaceFirst("(?m)^model:\n.*\n.*$", "model: {architecture: linear}");
    assertEquals(
        new ModelSpec("linear", List.of()), new YamlTaskReader().read(linear).task().model());
  }

  @Test
  void theDigestNamesTheDocumentAsItWasWritten() throws IOException, RefusedException {
    String yaml = text("milling.yaml");
    TaskDocument document = new YamlTaskReader().read(yaml);
    assertEquals(yaml, document.yaml());
    assertEquals(Digest.of(yaml.getBytes(StandardCharsets.UTF_8)), document.digest());
  }

  @Test
  void whatIsLeftOutHasTheDocumentedDefault() throws RefusedException {
    Task task = new YamlTaskReader().read(RefusalsTest.LEAST).task();
    assertEquals(1, task.seed());
    assertEquals(Duration.ofSeconds(5), task.schema().signals().get(0).maxGap());
    assertEquals(Duration.ofSeconds(5), task.schema().window().settle());
    assertEquals(Duration.ofHours(1), task.schema().label().lateness());
    assertEquals(new TrainingSpec("sgd", 0.1, 0, 16, 1, false), task.training());
    assertEquals("site", task.normalisation());
    assertEquals("fedavg", task.strategy().aggregator());
    assertEquals("none", task.privacy());
    assertEquals(10, task.leastCount());
    assertEquals(Duration.ofDays(90), task.retention());
    assertEquals(
        new RoundsSpec(
            5,
            10,
            1,
            "balanced-accuracy",
            2,
            1,
            0,
            Duration.ofSeconds(30),
            null,
            CohortSpec.ALL,
            LateSpec.DROP,
            0),
        task.rounds());
    assertNull(task.rounds().longest());
    assertFalse(task.training().balanced());
  }

  static String text(String example) throws IOException {
    return Files.readString(Path.of("../../docs/examples", example));
  }

  private static TaskDocument read(String example) throws IOException, RefusedException {
    return new YamlTaskReader().read(text(example));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cohort: all                | ALL      | 1    | 0
          cohort: {fraction: 0.25}   | RANDOM   | 0.25 | 0
          cohort: {freshest: 3}      | FRESHEST | 1    | 3
          """)
  void aCohortIsAllSitesAPartByChanceOrTheFreshest(
      String line, CohortSpec.Choice choice, double fraction, int freshest) throws Exception {
    String yaml = RefusalsTest.LEAST + "  " + line + "\n";
    assertEquals(
        new CohortSpec(choice, fraction, freshest, 0),
        new YamlTaskReader().read(yaml).task().rounds().cohort());
    assertEquals(
        new CohortSpec(choice, fraction, freshest, 7),
        new YamlTaskReader().read(yaml + "  cohort-most: 7\n").task().rounds().cohort());
  }
}
