// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Blobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskStorageTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  @TempDir Path folder;

  private DiskStorage open() {
    return new DiskStorage(StoreSettings.in(folder));
  }

  @Test
  void oneNameGivesOneJournalWhileItIsOpen() {
    try (DiskStorage storage = open()) {
      assertSame(storage.journal("rounds/task-1"), storage.journal("rounds/task-1"));
      storage.journal("rounds/task-1").append(HELLO);
      storage.journal("rounds/task-1").close();
      assertEquals(1, storage.journal("rounds/task-1").last());
      assertEquals(0, storage.journal("rounds").last());
    }
  }

  @Test
  void whatIsOnDiskIsMeasuredByAreaAgainstItsBound() {
    try (DiskStorage storage = open()) {
      assertEquals(0, measured(storage, "fedwerk.store.trouble", Map.of()));
      double before = measured(storage, "fedwerk.store.used", Map.of("area", "journals"));
      storage.journal("rounds").append(new byte[10_000]);
      assertTrue(
          measured(storage, "fedwerk.store.used", Map.of("area", "journals")) >= before + 10_000);
      assertEquals(0, measured(storage, "fedwerk.store.used", Map.of("area", "parts")));
      storage.partsJournal("samples", 4096).append(HELLO);
      assertTrue(measured(storage, "fedwerk.store.used", Map.of("area", "parts")) > 0);
      assertEquals(1L << 30, measured(storage, "fedwerk.store.bound", Map.of("area", "parts")));
      assertTrue(measured(storage, "fedwerk.store.free", Map.of()) > 0);
    }
  }

  private static double measured(DiskStorage storage, String name, Map<String, String> tags) {
    List<Measurement> found =
        storage.measurements().stream()
            .filter(each -> each.name().equals(name) && each.tags().equals(tags))
            .toList();
    assertEquals(1, found.size(), name);
    return found.get(0).value();
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() {
    try (DiskStorage storage = open()) {
      for (String name : new String[] {"../x", "a/../b", "/a", "A", "", "a//b", ".hidden"}) {
        assertThrows(IllegalArgumentException.class, () -> storage.journal(name), name);
      }
    }
  }

  @Test
  void aSecondOpeningInTheSameProcessIsRefusedAndTheFolderIsFreeAfterClosing() {
    DiskStorage storage = open();
    String message = assertThrows(IllegalStateException.class, this::open).getMessage();
    assertTrue(message.contains("in use by this process"), message);
    storage.close();
    open().close();
  }

  @Test
  void aSecondProcessIsRefusedWithTheFirstOnesNumber() throws Exception {
    try (DiskStorage storage = open()) {
      assertEquals(StatusLine.State.READY, storage.status().get(0).state());
      Process second = Child.start(Child.Open.class, folder.toString());
      try {
        String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(second.waitFor(60, TimeUnit.SECONDS));
        assertTrue(said.contains("in use by process " + ProcessHandle.current().pid()), said);
      } finally {
        second.destroyForcibly();
      }
    }
  }

  @Test
  void blobsAreKeptUnderTheirDigestAcrossAnOpening() {
    Digest digest;
    try (DiskStorage storage = open()) {
      digest = storage.blobs().put(HELLO);
      assertEquals(digest, storage.blobs().put(HELLO));
      assertEquals(Digest.of(HELLO), digest);
    }
    try (DiskStorage storage = open()) {
      assertTrue(storage.blobs().has(digest));
      assertArrayEquals(HELLO, storage.blobs().get(digest).orElseThrow());
      storage.blobs().delete(digest);
      storage.blobs().delete(digest);
      assertFalse(storage.blobs().has(digest));
      assertEquals(Optional.empty(), storage.blobs().get(digest));
    }
  }

  @Test
  void aBlobThatFailsItsHashCountsAsAbsentAndCanBePutAgain() throws Exception {
    try (DiskStorage storage = open()) {
      Blobs blobs = storage.blobs();
      Digest digest = blobs.put(HELLO);
      String hex = digest.hex();
      Path file = folder.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4));
      Files.write(file.resolve(hex), "hellO".getBytes(StandardCharsets.UTF_8));
      assertEquals(Optional.empty(), blobs.get(digest));
      assertFalse(blobs.has(digest));
      blobs.put(HELLO);
      assertArrayEquals(HELLO, blobs.get(digest).orElseThrow());
    }
  }

  @Test
  void aBlobFolderOfANewerReleaseIsRefusedAndTheFolderIsGivenBack() throws Exception {
    open().close();
    Path format = folder.resolve("blobs/format");
    byte[] content = Files.readAllBytes(format);
    ByteBuffer.wrap(content).putInt(8, 9);
    Files.write(format, content);
    String message = assertThrows(UncheckedIOException.class, this::open).getMessage();
    assertTrue(message.contains("format version 9"), message);
    ByteBuffer.wrap(content).putInt(8, 1);
    Files.write(format, content);
    open().close();
  }

  @Test
  void aSettingOutOfItsRangeIsRefusedByPidKeyAndValue() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoreSettings(folder, 10, 0, Duration.ZERO, Duration.ofSeconds(1)))
            .getMessage();
    assertEquals(
        "org.fedwerk.store: segment.bytes = 10 is not allowed; allowed is at least 4096", message);
  }
}
