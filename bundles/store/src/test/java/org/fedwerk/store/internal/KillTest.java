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

  private long appendUntilKilled(long enough) throws Exception {
    Process child = Child.start(Child.Append.class, folder.toString());
    long newest = 0;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      StringBuilder line = new StringBuilder();
      for (int c = out.read(); c >= 0; c = out.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        newest = Long.parseLong(line.toString());
        line.setLength(0);
        if (newest == enough) {
          child.toHandle().destroyForcibly();
        }
      }
    } finally {
      child.toHandle().destroyForcibly();
    }
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    assertTrue(newest >= enough, "the child ended by itself after " + newest);
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
