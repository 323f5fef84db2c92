// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.coordinator.Contributions;
import org.junit.jupiter.api.Test;

class ContributionsCommandTest {
  private final FakeCoordination coordination = new FakeCoordination();
  private final Map<String, Object> here = Map.of("coordination", coordination, "task", "milling");

  private static TreeMap<String, Double> bySite(double first, double second) {
    return new TreeMap<>(Map.of("press1", first, "press2", second));
  }

  private void found(Contributions figures) {
    coordination.found.add(FakeCoordination.contribution(figures.metrics()));
  }

  @Test
  void eachSiteHasARowAndTheMatrixAColumnForEachJudge() throws Exception {
    found(
        new Contributions(
            "accuracy",
            5,
            5,
            2,
            Map.of(Contributions.ALL, 0.9),
            bySite(0.25, -0.125),
            new TreeMap<>(),
            new TreeMap<>(Map.of("press1", bySite(0.8, 0.7), "press2", bySite(0.6, Double.NaN)))));
    String table = Shell.run(new ContributionsCommand(), here);
    assertTrue(table.contains("leaving it out") && table.contains("at press2"), table);
    assertFalse(table.contains("shapley"), "it was not asked for: " + table);
    assertTrue(table.contains("5 models judged by 2 sites; of all 0.9"), table);
    JsonNode second = Shell.json(new ContributionsCommand(), here).get(1);
    assertEquals("press2", second.get("site").asText());
    assertEquals(-0.125, second.get("leaving it out").asDouble());
    assertEquals(0.6, second.get("at press1").asDouble());
    assertTrue(second.get("at press2").isNull(), "JSON has no NaN");
    assertEquals("accuracy", second.get("metric").asText());
    assertFalse(
        Shell.run(new RoundsCommand(), here).contains("matrix"), "rounds leaves that to here");
  }

  @Test
  void whyThereAreNoFiguresIsSaid() throws Exception {
    found(Contributions.incomplete(312, 0));
    String told = Shell.run(new ContributionsCommand(), here);
    assertTrue(told.contains("takes 312 models or more, and at most 200 are judged"), told);
    JsonNode row = Shell.json(new ContributionsCommand(), here).get(0);
    assertEquals(312, row.get("models needed").asInt());
    assertTrue(row.get("problem").asText().contains("at most 200"), row.toString());
  }

  @Test
  void aTaskThatDidNotAskForThemIsRefused() {
    CommandException refused =
        assertThrows(CommandException.class, () -> Shell.run(new ContributionsCommand(), here));
    assertTrue(refused.getMessage().contains("no group contribution"), refused.getMessage());
    assertThrows(
        CommandException.class,
        () -> Shell.run(new ContributionsCommand(), Map.of("task", "milling")));
  }
}
