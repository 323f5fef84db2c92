// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.prototype.Prototyping;
import org.junit.jupiter.api.Test;

class PrototypeCommandTest {
  private static final Prototyping DESK =
      (request, progress) -> {
        if (request.seeds() == 0) {
          throw new RefusedException("seeds", "0 is not in range; use 1 to 10");
        }
        if (request.seeds() == 9) {
          throw new InterruptedException();
        }
        assertEquals(Path.of("task.yaml"), request.task());
        assertEquals(Optional.of(Path.of("m.yaml")), request.manifest());
        assertEquals(Optional.empty(), request.configurations());
        progress.accept("pooled: configuration 1 of 6, validation 0.9000");
        return new Prototyping.Result(
            "wear",
            "auc",
            List.of(new Prototyping.SiteCounts("a", 6, 2, 2)),
            1,
            List.of(
                new Prototyping.Column(
                    "pooled", 6, 2, Map.of("training.rate", "0.1"), 0.9, 0.85, 0),
                new Prototyping.Column("local-abroad", 6, 1, Map.of(), Double.NaN, 0.5, 0)));
      };

  private static final Map<String, Object> ARGUMENTS =
      Map.of("prototyping", DESK, "task", "task.yaml", "data", "folder", "manifest", "m.yaml");

  @Test
  void thePersonSeesProgressAndATableAndAProgramOneLine() throws Exception {
    String shown = Shell.run(new PrototypeCommand(), ARGUMENTS);
    assertTrue(shown.startsWith("pooled: configuration 1 of 6, validation 0.9000"), shown);
    assertTrue(shown.contains("training.rate: 0.1") && shown.contains("0.8500"), shown);

    JsonNode rows = Shell.json(new PrototypeCommand(), ARGUMENTS);
    assertEquals("pooled", rows.get(0).get("learned").asText());
    assertEquals(0.85, rows.get(0).get("test").asDouble());
    assertEquals(6, rows.get(0).get("tries").asInt());
    assertEquals("0.1", rows.get(0).get("changes").get("training.rate").asText());
    assertTrue(rows.get(1).get("validation").isNull());
  }

  @Test
  void aRefusalAnInterruptAndAProcessWithoutADeskAreOneMessage() {
    assertEquals("seeds: 0 is not in range; use 1 to 10", refusal(0));
    assertEquals("interrupted; nothing is left of the run", refusal(9));
    String absent =
        assertThrows(
                CommandException.class,
                () ->
                    Shell.run(
                        new PrototypeCommand(), Map.of("task", "task.yaml", "data", "folder")))
            .getMessage();
    assertTrue(absent.contains("install fedwerk-prototype"), absent);
  }

  private static String refusal(int seeds) {
    return assertThrows(
            CommandException.class,
            () -> Shell.run(new PrototypeCommand(), Shell.with(ARGUMENTS, "seeds", seeds)))
        .getMessage();
  }
}
