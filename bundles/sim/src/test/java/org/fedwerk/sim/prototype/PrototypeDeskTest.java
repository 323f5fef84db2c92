// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.prototype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.prototype.Prototyping;
import org.fedwerk.api.prototype.Prototyping.Column;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sites whose machines show wear in the same signal, at opposite levels of the other. */
class PrototypeDeskTest {
  private static final String MANIFEST =
      """
      fedwerk-data: 1
      name: two presses
      cycle: part
      step: 1
      label: {name: wear, column: wear, codes: [0, 1]}
      role: role
      signals:
        - {column: force, unit: kN}
        - {column: heat, unit: K}
      sites:
        - {name: a, data: a.csv, labels: a-labels.csv}
        - {name: b, data: b.csv, labels: b-labels.csv}
      """;

  private static final String TASK =
      """
      task: wear
      owner: tests
      purpose: see wear
      seed: 5
      schema:
        name: presses
        version: 1
        signals:
          - {name: force, unit: kN, min: -100, max: 100}
          - {name: heat, unit: K, min: -100, max: 100}
        window: {steps: 2, step: 1s}
        label: {name: wear, classes: [low, high]}
      model: {architecture: linear}
      training: {rate: 0.3, batch: 8}
      rounds: {max: 2, least: 2, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static DjlEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws Exception {
    engine = new DjlEngine(EngineSettings.defaults());
  }

  @AfterAll
  static void close() {
    engine.stop();
  }

  @BeforeEach
  void record() throws IOException {
    Files.writeString(folder.resolve("fedwerk-data.yaml"), MANIFEST);
    Files.writeString(folder.resolve("task.yaml"), TASK);
    Files.writeString(
        folder.resolve("tries.yaml"), "- {training.rate: 0.3}\n- {training.rate: 0.001}\n");
    for (String site : List.of("a", "b")) {
      StringBuilder data = new StringBuilder("part,force,heat\n");
      StringBuilder labels = new StringBuilder("part,wear,role\n");
      for (int n = 0; n < 40; n++) {
        int wear = n % 2;
        double force = (wear == 1 ? 3 : -3) + n % 5 * 0.1;
        double heat = (site.equals("a") ? 1 : -1) * n % 7;
        for (int step = 0; step < 2; step++) {
          data.append(site + n + "," + force + "," + heat + "\n");
        }
        String role = n % 10 < 6 ? "train" : n % 10 < 8 ? "validation" : "test";
        labels.append(site + n + "," + wear + "," + role + "\n");
      }
      Files.writeString(folder.resolve(site + ".csv"), data);
      Files.writeString(folder.resolve(site + "-labels.csv"), labels);
    }
  }

  /** The wear in millimetres, which grows with the force alone. */
  @Test
  void aRecordingOfNumbersHasABarTooAndItsUnitIsCompared() throws Exception {
    Files.writeString(
        folder.resolve("fedwerk-data.yaml"), MANIFEST.replace("codes: [0, 1]", "unit: mm"));
    String value = "label: {name: wear, kind: value, unit: mm, centre: 0.5, scale: 0.5}";
    Files.writeString(
        folder.resolve("task.yaml"),
        TASK.replaceFirst("(?m)label: .*$", value).replace("rate: 0.3", "rate: 0.1"));
    Prototyping.Result result =
        new PrototypeDesk(engine).run(request("tries.yaml"), progress -> {});
    assertEquals("rmse", result.metric());
    for (Column column : result.columns()) {
      if (!column.name().equals("local-abroad")) {
        assertTrue(column.test() < 0.25, column.name() + " " + column.test());
      }
    }
    Files.writeString(
        folder.resolve("task.yaml"),
        TASK.replaceFirst("(?m)label: .*$", value.replace("unit: mm", "unit: inch")));
    RefusedException unit =
        assertThrows(
            RefusedException.class,
            () -> new PrototypeDesk(engine).run(request("tries.yaml"), progress -> {}));
    assertTrue(unit.getMessage().contains("schema.label.unit"), unit.getMessage());
  }

  private Prototyping.Request request(String configurations) {
    return new Prototyping.Request(
        folder.resolve("task.yaml"),
        folder,
        Optional.empty(),
        Optional.of(folder.resolve(configurations)),
        1);
  }

  @Test
  void everyColumnTriesTheSameAndOnlyWhatWasChosenReadsTheTest() throws Exception {
    List<String> said = new ArrayList<>();
    Prototyping.Result result = new PrototypeDesk(engine).run(request("tries.yaml"), said::add);

    assertEquals(Prototyping.COLUMNS, result.columns().stream().map(Column::name).toList());
    assertEquals(
        List.of(
            new Prototyping.SiteCounts("a", 24, 8, 8), new Prototyping.SiteCounts("b", 24, 8, 8)),
        result.sites());
    for (Column column : result.columns()) {
      assertEquals(2, column.tries());
      assertTrue(
          column.changes().get("training.rate").equals("0.3") == (column.configuration() == 1));
      assertTrue(column.test() > 0.9, column.toString());
      assertTrue(column.validation() > 0.9, column.toString());
    }
    assertEquals(3 * 2, said.stream().filter(line -> line.contains("validation ")).count());
    assertEquals(3, said.stream().filter(line -> line.contains("run 1 of 1, test")).count());
  }

  @Test
  void whatDoesNotDoIsRefusedWithFileAndLineBeforeAnythingIsTrained() throws Exception {
    assertRefused("tries.yaml", "fedwerk-data.yaml", "codes:", "cods:", "line 5", "\"cods\"");
    assertRefused("tries.yaml", "a.csv", "a3,", "a3x,", "a-labels.csv", "labels part a3");
    assertRefused("tries.yaml", "b-labels.csv", "b1,1,", "b1,7,", "line 3", "b-labels.csv");
    assertRefused("tries.yaml", "task.yaml", "rate: 0.3", "rate: -1", "line 14", "task.yaml");
    assertRefused("tries.yaml", "task.yaml", "name: heat", "name: cold", "cold");
    assertRefused("tries.yaml", "task.yaml", "least-count: 2", "least-count: 9", "site a has 8");
    assertRefused("tries.yaml", "tries.yaml", "rate: 0.001", "rat: 0.001", "configuration 2");
    assertRefused("none.yaml", "tries.yaml", "", "", "none.yaml", "cannot be read");
  }

  private void assertRefused(
      String configurations, String file, String before, String after, String... what)
      throws IOException {
    String whole = Files.readString(folder.resolve(file));
    Files.writeString(folder.resolve(file), whole.replace(before, after));
    String message =
        assertThrows(
                RefusedException.class,
                () -> new PrototypeDesk(engine).run(request(configurations), line -> {}))
            .getMessage();
    for (String each : what) {
      assertTrue(message.contains(each), message);
    }
    Files.writeString(folder.resolve(file), whole);
  }

  @Test
  void anInterruptEndsTheRunAndItsThread() throws Exception {
    PrototypeDesk desk = new PrototypeDesk(engine);
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                desk.run(request("tries.yaml"), line -> worker.complete(Thread.currentThread()));
                end.complete("finished");
              } catch (InterruptedException ended) {
                end.complete("interrupted");
              } catch (RefusedException refused) {
                end.complete(refused.getMessage());
              }
            });
    caller.start();
    Thread working = worker.get();
    assertEquals("fedwerk-prototype", working.getName());
    caller.interrupt();
    assertEquals("interrupted", end.get());
    working.join();
    assertFalse(working.isAlive());
    caller.join();
  }
}
