// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.store.DataSelection;
import org.junit.jupiter.api.Test;

class DataDeleteCommandTest {
  private final List<String> asked = new ArrayList<>();

  private final DataDeletion deletions =
      new DataDeletion() {
        @Override
        public Deletion preview(DataSelection selection) throws RefusedException {
          asked.add("preview " + selection);
          if (selection.equals(new DataSelection.BySerial("nobody"))) {
            throw new RefusedException("selection", "nothing that is kept here is meant");
          }
          return deletion(0, "preview");
        }

        @Override
        public Deletion delete(DataSelection selection, String by) {
          asked.add("delete " + selection + " by " + by);
          return deletion(3, "deleted");
        }

        @Override
        public List<Deletion> deletions() {
          return List.of(deletion(3, "deleted"));
        }
      };

  private static DataDeletion.Deletion deletion(long number, String state) {
    return new DataDeletion.Deletion(
        number,
        Instant.EPOCH,
        "ann",
        "one serial",
        1,
        1,
        2,
        state,
        List.of(new DataDeletion.RowUse("milling", FakeSite.DIGEST, "train", 1, 7, 1)));
  }

  private Map<String, Object> with(Object... more) {
    return Shell.with(Map.of("deletion", deletions, "session", Shell.session("ann")), more);
  }

  @Test
  void eachSelectionIsUnderstoodAndADryRunDeletesNothing() throws Exception {
    Shell.run(new DataDeleteCommand(), with("serial", "P-7", "dryRun", true));
    Shell.run(new DataDeleteCommand(), with("before", "2026-01-05T06:00:00Z", "dryRun", true));
    Shell.run(new DataDeleteCommand(), with("from", "2026-01-05T06:00:00Z", "dryRun", true));
    Shell.run(
        new DataDeleteCommand(),
        with("from", "2026-01-05T06:00:00Z", "to", "2026-01-06T06:00:00Z", "dryRun", true));
    Shell.run(new DataDeleteCommand(), with("labelSource", "quality", "dryRun", true));
    Instant time = Instant.parse("2026-01-05T06:00:00Z");
    assertEquals(
        List.of(
            "preview " + new DataSelection.BySerial("P-7"),
            "preview " + new DataSelection.ByTime(Instant.MIN, time),
            "preview " + new DataSelection.ByTime(time, Instant.MAX),
            "preview " + new DataSelection.ByTime(time, time.plusSeconds(86_400)),
            "preview " + new DataSelection.ByLabelSource("quality")),
        asked);
  }

  @Test
  void withYesItIsDeletedInTheUsersNameAndToldWhatHadReadIt() throws Exception {
    String text = Shell.run(new DataDeleteCommand(), with("serial", "P-7", "yes", true));
    assertEquals(List.of("delete " + new DataSelection.BySerial("P-7") + " by ann"), asked);
    assertTrue(text.contains("one serial") && text.contains("milling"), text);
    JsonNode row = Shell.json(new DataDeleteCommand(), with("serial", "P-7", "yes", true)).get(0);
    assertEquals(3, row.get("no").asInt());
    assertEquals(7, row.get("uses").get(0).get("last round").asInt());
    assertEquals(FakeSite.DIGEST.hex(), row.get("uses").get(0).get("digest").asText());
  }

  @Test
  void withoutASelectionTheRecordIsShown() throws Exception {
    assertTrue(Shell.run(new DataDeleteCommand(), with()).contains("one serial"));
    assertEquals(
        "train",
        Shell.json(new DataDeleteCommand(), with())
            .get(0)
            .get("uses")
            .get(0)
            .get("request")
            .asText());
    assertEquals(List.of(), asked);
  }

  @Test
  void whatIsUnclearIsRefusedBeforeAnythingIsDeleted() {
    assertRefused("say --yes", with("serial", "P-7"));
    assertRefused("say --yes", with("serial", "P-7", "yes", true, "dryRun", true));
    assertRefused("say what is meant", with("yes", true));
    assertRefused("say one of", with("serial", "P-7", "labelSource", "lab", "yes", true));
    assertRefused("say one of", with("to", "2026-01-05T06:00:00Z", "yes", true));
    assertRefused("--before yesterday is no time", with("before", "yesterday", "yes", true));
    assertRefused(
        "is empty",
        with("from", "2026-01-05T06:00:00Z", "to", "2026-01-05T06:00:00Z", "yes", true));
    assertRefused("not empty", with("serial", " ", "yes", true));
    assertEquals(List.of(), asked);
    assertRefused("nothing that is kept", with("serial", "nobody", "dryRun", true));
    assertRefused("run the command at a site", Map.of());
  }

  private static void assertRefused(String why, Map<String, Object> values) {
    String message =
        assertThrows(CommandException.class, () -> Shell.run(new DataDeleteCommand(), values))
            .getMessage();
    assertTrue(message.contains(why), message);
  }
}
