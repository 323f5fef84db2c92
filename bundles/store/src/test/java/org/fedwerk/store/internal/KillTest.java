// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KillTest {
  @TempDir Path folder;

  @Test
  void everyAcknowledgedRecordIsThereAfterEachOfSeveralKills() throws Exception {
    long acknowledged = 0;
    for (int round = 1; round <= 3; round++) {
      acknowledged = appendUntilKilled(acknowledged + 500);
      assertEverythingUpTo(acknowledged);
    }
  }

  @Test
  void aKillDuringADeletionLeavesThePartWhollyThereOrWhollyGone() throws Exception {
    int count = 120;
    try (DiskStorage storage = new DiskStorage(Child.Delete.settings(folder))) {
      DiskPartStore parts = new DiskPartStore(storage);
      for (int i = 0; i < count; i++) {
        assertTrue(DeletionTest.Filling.part(parts, i));
      }
    }
    int from = 0;
    for (int kill = 0; kill < 4; kill++) {
      // -n says that the deletion of n - 1 begins: there the kill comes.
      long begun = from + 3L;
      Process child = Child.start(Child.Delete.class, folder.toString(), "" + from);
      long done = runUntilKilled(child, from - 1L, -begun - 1);
      assertTrue(done >= begun - 1, "the child ended by itself after " + done);
      from = assertDeletedThrough((int) done, count);
    }
  }

  /** All up to a part are gone, the next one wholly or not at all. */
  private int assertDeletedThrough(int done, int count) throws Exception {
    try (DiskStorage storage = new DiskStorage(Child.Delete.settings(folder))) {
      DiskPartStore parts = new DiskPartStore(storage);
      int next = done + 1;
      boolean gone = parts.part(DeletionTest.Filling.serial(next)).isEmpty();
      for (int i = 0; i < count; i++) {
        boolean there = i > next || (i == next && !gone);
        if (there) {
          DeletionTest.Filling.assertThere(parts, i);
        } else {
          DeletionTest.Filling.assertGone(parts, i);
        }
        assertEquals(there, DeletionTest.Files.hold(folder, DeletionTest.Filling.serial(i)));
      }
      return gone ? next + 1 : next;
    }
  }

  private long appendUntilKilled(long enough) throws Exception {
    Process child = Child.start(Child.Append.class, folder.toString());
    long newest = runUntilKilled(child, 0, enough);
    assertTrue(newest >= enough, "the child ended by itself after " + newest);
    return newest;
  }

  /** Reads the numbers that a child says, and kills it at one. @return the newest above 0 */
  private static long runUntilKilled(Process child, long before, long at) throws Exception {
    long newest = before;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      StringBuilder line = new StringBuilder();
      for (int c = out.read(); c >= 0; c = out.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        long said = Long.parseLong(line.toString());
        newest = Math.max(newest, said);
        line.setLength(0);
        if (said == at) {
          child.toHandle().destroyForcibly();
        }
      }
    } finally {
      child.toHandle().destroyForcibly();
    }
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    return newest;
  }

  private void assertEverythingUpTo(long acknowledged) {
    try (DiskStorage storage = new DiskStorage(Child.Append.settings(folder))) {
      TreeMap<Long, byte[]> records = new TreeMap<>();
      storage.journal("numbers").replay(1, records::put);
      assertTrue(records.lastKey() >= acknowledged);
      records.forEach((number, body) -> assertArrayEquals(Child.Append.record(number), body));
      assertEquals(records.lastKey(), records.size());

      TreeSet<Long> batches = new TreeSet<>();
      new DiskPartStore(storage)
          .replay(
              (sequence, source, samples) -> {
                long number = samples.get(0).sourceTime().getEpochSecond();
                assertEquals(Child.Append.batch(number), samples);
                batches.add(number);
              });
      for (long number = 1; number <= acknowledged; number++) {
        assertTrue(batches.contains(number), "batch " + number + " is lost");
      }
    }
  }
}
