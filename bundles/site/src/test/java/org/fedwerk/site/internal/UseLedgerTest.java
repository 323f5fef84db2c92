// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UseLedgerTest {
  private static final Digest TASK = Tasks.digest("task");
  private static final Digest OTHER = Tasks.digest("other");

  @TempDir Path folder;

  private static UseManifest manifest(Digest task, String request, int round, String... serials) {
    return new UseManifest(
        new ReplyKey(task, round, 1, request.equals("train") ? 0 : 1, "press1"),
        request,
        TASK,
        1,
        "engine",
        Stream.of(serials).map(each -> new UsedExample(each, 1, DataRole.TRAIN)).toList());
  }

  private static Use train(int first, int last) {
    return new Use(TASK, "train", first, last);
  }

  @Test
  void phasesInARowAreOneUseAlsoWhereTheSiteMissedARoundAndAGapBeginsAnother() {
    UseLedger ledger = new UseLedger();
    ledger.add(manifest(TASK, "train", 1, "a", "b"));
    ledger.add(manifest(TASK, "train", 2, "a", "b", "c"));
    ledger.add(manifest(TASK, "train", 2, "a", "b", "c"));
    ledger.add(manifest(TASK, "train", 5, "a", "c"));
    ledger.add(manifest(TASK, "train", 6, "a", "b", "c"));
    ledger.add(manifest(TASK, "evaluate", 6, "d"));
    ledger.add(manifest(OTHER, "train", 1, "a"));
    assertEquals(Map.of(train(1, 6), 1, new Use(OTHER, "train", 1, 1), 1), ledger.of("a"::equals));
    assertEquals(Map.of(train(1, 2), 1, train(6, 6), 1), ledger.of("b"::equals));
    assertEquals(Map.of(train(2, 6), 1), ledger.of("c"::equals));
    assertEquals(Map.of(new Use(TASK, "evaluate", 6, 6), 1), ledger.of("d"::equals));
    assertEquals(Map.of(), ledger.of("e"::equals));

    UseLedger read = new UseLedger();
    read.read(new StateReader("x", ledger.write(new StateWriter(1)).record()));
    assertEquals(ledger.of(each -> true), read.of(each -> true));
    read.add(manifest(TASK, "train", 9, "a"));
    assertTrue(read.of("a"::equals).containsKey(train(1, 9)), "it goes on after reading");
    assertTrue(read.forget("a"::equals));
    assertFalse(read.forget("a"::equals));
    assertEquals(Map.of(), read.of("a"::equals));
  }

  @Test
  void usesOutliveTheManifestsThatToldThem() {
    try (Disk disk = new Disk(folder)) {
      ManifestBook book = new ManifestBook(disk.journal());
      for (int round = 1; round <= 600; round++) {
        book.add(manifest(TASK, "train", round, "part-" + round, "always"));
      }
      assertTrue(disk.journal().first() > 100, "manifests were dropped");
      disk.again();
      ManifestBook back = new ManifestBook(disk.journal());
      assertEquals(Map.of(train(3, 3), 1), back.uses("part-3"::equals));
      assertEquals(Map.of(train(1, 600), 1), back.uses("always"::equals));
    }
  }

  @Test
  void aDeletedPartLeavesARowWithoutNameInEveryManifestAndNoneComesBack() throws Exception {
    try (Disk disk = new Disk(folder)) {
      ManifestBook book = new ManifestBook(disk.journal());
      for (int round = 1; round <= 300; round++) {
        book.add(manifest(TASK, "train", round, "secret-serial", "other-serial"));
      }
      assertTrue(Disk.holds(folder, "secret-serial"));
      book.keepOut(Set.of("secret-serial")::contains);
      book.forget();
      book.add(manifest(TASK, "train", 301, "secret-serial", "other-serial"));
      for (int again = 0; again < 2; again++) {
        assertFalse(Disk.holds(folder, "secret-serial"));
        assertTrue(Disk.holds(folder, "other-serial"));
        List<UsedExample> rows = book.newest(TASK, "train").orElseThrow().examples();
        assertEquals(List.of("", "other-serial"), rows.stream().map(UsedExample::serial).toList());
        assertEquals(Map.of(), book.uses("secret-serial"::equals));
        assertEquals(Map.of(train(1, 301), 1), book.uses("other-serial"::equals));
        disk.again();
        book = new ManifestBook(disk.journal());
      }
    }
  }
}
