// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class TaskOrderCommandsTest {
  private final FakeCoordination coordination = new FakeCoordination();
  private final Map<String, Object> here = Map.of("coordination", coordination);

  @Test
  void aTaskIsPausedResumedAndAbortedInTheNameOfTheSessionsUser() throws Exception {
    Map<String, Object> values =
        Shell.with(here, "session", Shell.session("bea"), "task", "milling");
    assertEquals(
        "paused milling" + System.lineSeparator(), Shell.run(new TaskPauseCommand(), values));
    assertEquals(
        "resumed milling" + System.lineSeparator(), Shell.run(new TaskResumeCommand(), values));
    JsonNode aborted =
        Shell.json(new TaskAbortCommand(), Shell.with(values, "reason", "wrong labels")).get(0);
    assertEquals("aborted", aborted.get("done").asText());
    assertEquals("bea", aborted.get("by").asText());
    assertEquals(
        List.of(
            "pause milling by bea", "resume milling by bea", "abort wrong labels milling by bea"),
        coordination.orders);
    CommandException refused =
        assertThrows(CommandException.class, () -> Shell.run(new TaskRetryCommand(), values));
    assertEquals("task: milling is finished; submit another document", refused.getMessage());
    CommandException unknown =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskPauseCommand(), Shell.with(values, "task", "unknown")));
    assertEquals("task: no task \"unknown\"", unknown.getMessage());
  }

  @Test
  void onlyTasksThatAnOrderFitsAreCompleted() throws Exception {
    assertEquals(List.of("milling"), completed(new TaskPauseCompleter()));
    assertEquals(List.of("pumps"), completed(new TaskResumeCompleter()));
    assertEquals(List.of("milling", "pumps"), completed(new TaskAbortCompleter()));
    assertEquals(List.of(), completed(new TaskRetryCompleter()));
    List<String> nobody = new ArrayList<>();
    new TaskPauseCompleter().complete(Shell.session("ann"), Shell.typed(""), nobody);
    assertEquals(List.of(), nobody, "there may be no coordinator");
  }

  private List<String> completed(Completer completer) throws Exception {
    Shell.fill(completer, "coordination", coordination);
    List<String> candidates = new ArrayList<>();
    completer.complete(Shell.session("ann"), Shell.typed(""), candidates);
    return candidates.stream().map(String::strip).sorted().toList();
  }
}
