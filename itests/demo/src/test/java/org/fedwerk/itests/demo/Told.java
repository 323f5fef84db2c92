// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.fedwerk.itests.harness.KarafInstance;

/** What processes tell in their shells. */
final class Told {
  private Told() {}

  /** A task as a site sees it; a missing node if it does not know it. */
  static JsonNode task(KarafInstance site, String task) throws IOException {
    return row(site.json("fedwerk:task-approve"), "task", task);
  }

  /** True if the coordinator says that a task is finished. */
  static boolean finished(KarafInstance coordinator, String task) throws IOException {
    return row(coordinator.json("fedwerk:rounds"), "task", task)
        .path("state")
        .asText()
        .equals("finished");
  }

  /** A signal of a site's machine. */
  static JsonNode signal(KarafInstance site, String signal) throws IOException {
    return row(site.json("fedwerk:signals"), "signal", signal);
  }

  /** The line of fedwerk:status whose subject begins so. */
  static JsonNode status(JsonNode lines, String subject) {
    for (JsonNode line : lines) {
      if (line.path("subject").asText().startsWith(subject)) {
        return line;
      }
    }
    return MissingNode.getInstance();
  }

  /** The first line of a log that belongs to a stack trace; empty if there is none. */
  static String stackTrace(String log) {
    return log.lines().filter(line -> line.matches("\\s+at [\\w.$/]+\\(.*")).findFirst().orElse("");
  }

  private static JsonNode row(JsonNode rows, String key, String value) {
    for (JsonNode row : rows) {
      if (row.path(key).asText().equals(value)) {
        return row;
      }
    }
    return MissingNode.getInstance();
  }
}
