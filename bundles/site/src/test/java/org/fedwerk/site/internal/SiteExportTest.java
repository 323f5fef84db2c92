// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.site.ExampleExport.Exported;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteExportTest {
  @TempDir Path folder;
  private Bench bench;
  private SiteExport export;

  @BeforeEach
  void aTaskThatWaits() {
    bench = new Bench(folder.resolve("site"));
    export = new SiteExport(bench.site, bench.examples);
    bench.examples.examples =
        List.of(
            example("P-1", DataRole.TRAIN, 1, 1, 1.5f, Float.NaN, -3, 4),
            example("P, \"2\"", DataRole.TEST, 0, 2, 0, 1, 2, 3));
    bench.start().connect();
    bench.offer(Tasks.PRESS);
    await(() -> !bench.site.tasks().isEmpty());
  }

  private static Example example(
      String serial, DataRole role, int label, int revision, float... values) {
    Tensor window = new Tensor(new int[] {2, 2}, values);
    return new Example(serial, Map.of(Example.WINDOW, window), label, revision, role);
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  @Test
  void everyExampleIsALineOfAFileThatOnlyItsOwnerReadsAndNothingLeavesTheSite() throws Exception {
    Path file = folder.resolve("examples.csv");
    Exported done = export.export("press", file, "ann");
    assertEquals(new Exported("press", file, 2, 4), done);
    assertEquals(
        """
        serial,role,label,label revision,force.1,force.2,way.1,way.2
        P-1,train,bad,1,1.5,,-3.0,4.0
        "P, ""2\""",test,good,2,0.0,1.0,2.0,3.0
        """
            .replace("\n", "\r\n"),
        Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(
        bench.site.egress(100).stream()
            .allMatch(each -> List.of("sync", "ready").contains(each.kind())),
        bench.site.egress(100).toString());
    Use use = new Use(Tasks.digest(Tasks.PRESS), "export", 0, 0);
    assertEquals(
        Map.of(use, 1), bench.site.state().manifests().uses(serial -> serial.equals("P-1")));
  }

  @Test
  void whatCannotBeWrittenIsSaidAndNothingIsWrittenOver() throws Exception {
    Path file = Files.writeString(folder.resolve("mine.csv"), "mine");
    refused("press", file, "mine.csv is there already");
    assertEquals("mine", Files.readString(file));
    refused("other", folder.resolve("other.csv"), "other");
    refused("press", folder.resolve("no/folder/here.csv"), "cannot be written");
    bench.examples.examples = List.of();
    refused("press", folder.resolve("none.csv"), "has no example");
    assertFalse(Files.exists(folder.resolve("none.csv")));
    assertTrue(bench.site.state().manifests().uses(serial -> true).isEmpty());
  }

  private void refused(String task, Path file, String words) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> export.export(task, file, "ann"));
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
  }
}
