// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.fedwerk.shell.internal.FakeCoordination.DIGEST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskSubmitCommandTest {
  @TempDir Path folder;
  private final Map<String, Object> here = Map.of("coordination", new FakeCoordination());

  @Test
  void taskSubmitTellsTheDigestOrWhatItWouldMean() throws Exception {
    Path file = Files.writeString(folder.resolve("task.yaml"), "task: milling");
    Map<String, Object> values = Shell.with(here, "file", file.toString());
    assertEquals(
        "submitted " + DIGEST.hex() + System.lineSeparator(),
        Shell.run(new TaskSubmitCommand(), values));
    assertEquals(
        DIGEST.hex(), Shell.json(new TaskSubmitCommand(), values).get(0).get("digest").asText());
    Map<String, Object> dry = Shell.with(values, "dryRun", true);
    String text = Shell.run(new TaskSubmitCommand(), dry);
    assertTrue(
        text.contains("parameters  67652") && text.contains("note        asks for approval"));
    assertEquals(270_608, Shell.json(new TaskSubmitCommand(), dry).get(0).get("bytes up").asInt());
  }

  @Test
  void aRefusedTaskIsShownWithEveryLineAndAFileThatCannotBeReadByName() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "tsak: milling");
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Shell.with(here, "file", bad.toString())));
    assertEquals(
        bad + " is refused:\nline 1, tsak: is not a known key\nline 2, owner: is missing",
        refused.getMessage());

    String missing = folder.resolve("none.yaml").toString();
    CommandException none =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Shell.with(here, "file", missing)));
    assertEquals("there is no file " + missing, none.getMessage());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    CommandException foreign =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Shell.with(here, "file", binary.toString())));
    assertTrue(foreign.getMessage().endsWith("is not text in UTF-8"));
    CommandException directory =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Shell.with(here, "file", folder.toString())));
    assertTrue(directory.getMessage().contains("cannot be read"));
  }
}
