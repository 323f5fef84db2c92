// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.Assessment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssessCommandTest {
  private static final Assessment SITE =
      new Assessment() {
        @Override
        public Report assess(String task) throws RefusedException, InterruptedException {
          if (task.equals("slow")) {
            throw new InterruptedException();
          }
          if (!task.equals("milling")) {
            throw new RefusedException("task", "this site knows no task \"" + task + "\"");
          }
          return new Report(
              task,
              FakeSite.DIGEST,
              List.of(
                  new Finding(
                      "training examples",
                      39,
                      "examples",
                      "",
                      "at least 40 (rounds.examples-least)",
                      Verdict.SHORT),
                  Finding.said("link", "connected", "connected", Verdict.MET)),
              Advice.NOT_YET,
              List.of("39 training examples, rounds.examples-least wants 40"));
        }

        @Override
        public Report assessDocument(String yaml) throws RefusedException, InterruptedException {
          if (!yaml.startsWith("task: ")) {
            throw new RefusedException("task", "there is no name");
          }
          return assess(yaml.substring(6));
        }
      };

  @TempDir Path folder;

  private static Map<String, Object> of(String task) {
    return Map.of("assessment", SITE, "task", task);
  }

  private static String refusal(String task) {
    return assertThrows(CommandException.class, () -> Shell.run(new AssessCommand(), of(task)))
        .getMessage();
  }

  @Test
  void thePersonSeesATableAndTheAdviceWithItsReasons() throws Exception {
    String shown = Shell.run(new AssessCommand(), of("milling"));
    assertTrue(shown.contains("39 examples"), shown);
    assertTrue(shown.contains("at least 40 (rounds.examples-least)"), shown);
    assertTrue(shown.contains("short"), shown);
    assertTrue(
        shown.endsWith(
            String.format(
                "advice: not yet%n  39 training examples, rounds.examples-least wants 40%n")),
        shown);
  }

  @Test
  void aProgramGetsARowForEachFindingAndOneForTheAdvice() throws Exception {
    JsonNode rows = Shell.json(new AssessCommand(), of("milling"));
    assertEquals(3, rows.size());
    assertEquals(39, rows.get(0).get("number").asDouble());
    assertEquals("examples", rows.get(0).get("unit").asText());
    assertEquals("short", rows.get(0).get("verdict").asText());
    assertTrue(rows.get(1).get("number").isNull());
    JsonNode advice = rows.get(2);
    assertEquals("advice", advice.get("finding").asText());
    assertEquals("not yet", advice.get("value").asText());
    assertEquals(1, advice.get("reasons").size());
    assertEquals(FakeSite.DIGEST.hex(), advice.get("digest").asText());
  }

  @Test
  void aWordWithADotOrASlashIsAFile() throws Exception {
    Path file = folder.resolve("milling.yaml");
    Files.writeString(file, "task: milling");
    assertTrue(Shell.run(new AssessCommand(), of(file.toString())).contains("advice: not yet"));
    Files.writeString(file, "nothing");
    assertEquals(file + " is refused:\ntask: there is no name", refusal(file.toString()));
    assertEquals("there is no file none.yaml", refusal("none.yaml"));
  }

  @Test
  void aRefusalAnInterruptAndAProcessWithoutASiteAreOneMessage() {
    assertEquals("task: this site knows no task \"other\"", refusal("other"));
    assertEquals("interrupted; nothing was written down", refusal("slow"));
    String absent =
        assertThrows(
                CommandException.class,
                () -> Shell.run(new AssessCommand(), Map.of("task", "milling")))
            .getMessage();
    assertTrue(absent.contains("this process runs no site"), absent);
  }
}
