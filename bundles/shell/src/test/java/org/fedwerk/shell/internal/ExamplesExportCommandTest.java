// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.ExampleExport;
import org.junit.jupiter.api.Test;

class ExamplesExportCommandTest {
  private final List<String> asked = new ArrayList<>();

  private final ExampleExport site =
      (task, file, by) -> {
        if (!task.equals("milling")) {
          throw new RefusedException("task", "this site knows no task \"" + task + "\"");
        }
        asked.add(file + " by " + by);
        return new ExampleExport.Exported(task, file, 39, 48);
      };

  private Map<String, Object> of(String task) {
    return Map.of(
        "export", site, "session", Shell.session("ann"), "task", task, "file", "milling.csv");
  }

  @Test
  void whatWasWrittenIsTold() throws Exception {
    assertTrue(Shell.run(new ExamplesExportCommand(), of("milling")).contains("39"));
    JsonNode row = Shell.json(new ExamplesExportCommand(), of("milling")).get(0);
    assertEquals(48, row.get("values").asInt());
    Path file = Path.of("milling.csv").toAbsolutePath();
    assertEquals(List.of(file + " by ann", file + " by ann"), asked);
  }

  @Test
  void aRefusalIsOneLine() {
    CommandException refused =
        assertThrows(
            CommandException.class, () -> Shell.run(new ExamplesExportCommand(), of("drilling")));
    assertTrue(String.valueOf(refused.getMessage()).contains("drilling"), refused.toString());
  }
}
