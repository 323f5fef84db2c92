// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.store.Backups;
import org.junit.jupiter.api.Test;

class BackupCommandsTest {
  @Test
  void backupAndRestoreTellWhatTheyMovedAndRefusalsAreOneLine() throws Exception {
    List<String> asked = new ArrayList<>();
    Backups backups =
        new Backups() {
          @Override
          public Summary backup(Path file) throws RefusedException {
            if (file.endsWith("there.zip")) {
              throw new RefusedException("file", file + " exists; name another one");
            }
            asked.add("backup " + file.getFileName());
            return new Summary(file, 12, 3456, 1);
          }

          @Override
          public Summary restore(Path file, boolean replace, long leastEpoch) {
            asked.add("restore " + file.getFileName() + " " + replace + " " + leastEpoch);
            return new Summary(file, 12, 3456, 7);
          }
        };
    String made =
        Shell.run(new BackupCommand(), Map.of("backups", backups, "file", "/backup/new.zip"));
    assertTrue(made.contains("/backup/new.zip") && made.contains("3456"), made);
    CommandException exists =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new BackupCommand(), Map.of("backups", backups, "file", "/backup/there.zip")));
    assertEquals("file: /backup/there.zip exists; name another one", exists.getMessage());
    Map<String, Object> forced =
        Map.of("backups", backups, "file", "/backup/new.zip", "force", true, "epoch", 7L);
    assertEquals(7, Shell.json(new RestoreCommand(), forced).get(0).get("epoch").asLong());
    assertEquals(List.of("backup new.zip", "restore new.zip true 7"), asked);
    assertThrows(
        CommandException.class, () -> Shell.run(new RestoreCommand(), Map.of("file", "x")));
  }
}
