// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.fedwerk.shell.internal.FakeCoordination.DIGEST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class RoundsCommandTest {
  private final Map<String, Object> here = Map.of("coordination", new FakeCoordination());

  @Test
  void roundsShowsTasksAndTheHistoryOfOne() throws Exception {
    assertTrue(Shell.run(new RoundsCommand(), here).contains("press2: training 3/10"));
    JsonNode task = Shell.json(new RoundsCommand(), here).get(0);
    assertEquals(DIGEST.hex(), task.get("model").asText());
    assertTrue(task.get("metric").isNull(), "JSON has no NaN");
    assertEquals("training 3/10", task.get("waiting for").get("press2").asText());

    Map<String, Object> one = Shell.with(here, "task", "milling");
    assertTrue(Shell.run(new RoundsCommand(), one).contains("validation.accuracy=0.9000"));
    JsonNode round = Shell.json(new RoundsCommand(), one).get(0);
    assertEquals(0.9, round.get("values").get("validation.accuracy").asDouble());
    assertFalse(round.get("values").has("train.loss"), "it is not finite");
    assertTrue(round.get("missing").get("press2").asText().startsWith("said"));
    assertEquals(0.25, round.get("seconds").asDouble());
    assertEquals(3, round.get("evaluations").get("press1").get("confusion").get(1).get(1).asInt());
    assertEquals(List.of("press1", "press2").size(), round.get("cohort").size());
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new RoundsCommand(), Shell.with(here, "task", "unknown")));
    assertEquals("task: no task \"unknown\"", refused.getMessage());
  }

  @Test
  void roundsTellsWhatAPersonOrderedAndWhy() throws Exception {
    assertTrue(Shell.run(new RoundsCommand(), here).contains("paused by ann"));
    JsonNode tasks = Shell.json(new RoundsCommand(), here);
    assertEquals("paused by ann", tasks.get(1).get("note").asText());
    assertEquals("wrong labels", tasks.get(0).get("orders").get(0).get("reason").asText());
    Map<String, Object> one = Shell.with(here, "task", "milling");
    assertTrue(
        Shell.run(new RoundsCommand(), one)
            .contains("aborted by ann 1970-01-01T00:00:00Z: wrong labels"));
    JsonNode order = Shell.json(new RoundsCommand(), one).get(0).get("orders").get(0);
    assertEquals("aborted", order.get("what").asText());
    assertEquals("ann", order.get("by").asText());
  }

  @Test
  void theRunHistoryIsATableThatAReaderOfRfc4180Reads() throws Exception {
    Map<String, Object> values = Shell.with(here, "task", "milling", "csv", true);
    String text = Shell.run(new RoundsCommand(), values);
    List<CSVRecord> rows;
    try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180.builder().setHeader().get())) {
      rows = parser.getRecords();
    }
    assertEquals(2, rows.size());
    CSVRecord first = rows.get(0);
    assertEquals(DIGEST.hex(), first.get("task"));
    assertEquals(1, Integer.parseInt(first.get("round")));
    assertEquals("press1 press2", first.get("cohort"));
    assertEquals("press2: said \"no, thanks\"  later", first.get("missing"));
    assertEquals(0.9, Double.parseDouble(first.get("validation.accuracy")));
    assertEquals("", first.get("train.loss"), "it is not finite");
    assertEquals(0.25, Double.parseDouble(first.get("seconds")));
    assertEquals(6, Long.parseLong(first.get("site.press1.count")));
    assertEquals(5.0 / 6, Double.parseDouble(first.get("site.press1.accuracy")));
    assertEquals("", first.get("test.accuracy"), "this round has no such metric");
    CSVRecord second = rows.get(1);
    assertEquals("final", second.get("protocol"));
    assertEquals(0.8, Double.parseDouble(second.get("test.accuracy")));
    assertEquals("", second.get("site.press1.count"));
    assertTrue(text.endsWith("\r\n"));
    assertEquals(3, text.lines().count());

    for (Map<String, Object> wrong :
        List.of(Shell.with(here, "csv", true), Shell.with(values, "json", true))) {
      assertThrows(CommandException.class, () -> Shell.run(new RoundsCommand(), wrong));
    }
  }
}
