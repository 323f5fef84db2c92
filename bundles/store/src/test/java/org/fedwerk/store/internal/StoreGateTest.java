// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.api.store.Storage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store is there once its files can be read. */
@Timeout(60)
class StoreGateTest {
  @TempDir Path folder;

  /** Who would use the store. */
  private static final class Rooms implements StoreGate.Offer {
    private final BlockingQueue<Storage> opened = new LinkedBlockingQueue<>();
    private volatile @Nullable Supplier<PartStore> parts;
    private volatile boolean withdrawn;

    @Override
    public void open(Storage storage, Supplier<PartStore> partStore) {
      parts = partStore;
      opened.add(storage);
    }

    @Override
    public void close() {
      withdrawn = true;
    }

    Storage storage() throws InterruptedException {
      Storage storage = opened.poll(20, TimeUnit.SECONDS);
      assertNotNull(storage, "the store was not opened");
      return storage;
    }
  }

  private final Rooms rooms = new Rooms();

  private StoreGate gate() {
    StoreGate gate = new StoreGate(settings(), rooms, Duration.ofMillis(50));
    gate.start();
    return gate;
  }

  private StoreSettings settings() {
    return new StoreSettings(folder, 4096, 0, Duration.ZERO, Duration.ofSeconds(1));
  }

  private static String awaitDown(StoreGate gate) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (gate.status().get(0).state() != StatusLine.State.DOWN) {
      assertTrue(System.nanoTime() < end, gate.status().toString());
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return gate.status().get(0).detail();
  }

  private byte[] fill(String name) throws Exception {
    try (DiskStorage storage = new DiskStorage(settings())) {
      Journal journal = storage.journal(name);
      for (int i = 0; i < 100; i++) {
        journal.append(new byte[100]);
      }
    }
    return Files.readAllBytes(SegmentFile.path(folder.resolve("journals").resolve(name), 1));
  }

  @Test
  void aDamagedJournalIsNamedWithFileAndOffsetAndTheStoreOpensWhenItIsMended() throws Exception {
    byte[] sound = fill("coordinator/tasks");
    Path oldest = SegmentFile.path(folder.resolve("journals/coordinator/tasks"), 1);
    byte[] damaged = sound.clone();
    damaged[200] ^= 1;
    Files.write(oldest, damaged);
    try (StoreGate gate = gate()) {
      String said = awaitDown(gate);
      assertTrue(said.startsWith(oldest + " is damaged at offset "), said);
      assertTrue(said.contains("bring the folder back from a backup"), said);
      assertTrue(said.endsWith("; it is tried again every 0 s"), said);
      assertNull(rooms.opened.poll());
      assertEquals(0, gate.measurements().size());
      Files.write(oldest, sound);
      assertEquals(100, rooms.storage().journal("coordinator/tasks").last());
      assertEquals(StatusLine.State.READY, gate.status().get(0).state());
      assertFalse(gate.measurements().isEmpty());
    }
    assertTrue(rooms.withdrawn);
  }

  @Test
  void damagedPartsKeepTheStoreShutToo() throws Exception {
    try (DiskStorage storage = new DiskStorage(settings());
        DiskPartStore parts = new DiskPartStore(storage)) {
      assertEquals(0, parts.nextOrdinal());
    }
    Path closed = SegmentFile.path(folder.resolve("parts/closed"), 1);
    byte[] sound = Files.readAllBytes(closed);
    byte[] newer = sound.clone();
    newer[11] = 9;
    Files.write(closed, newer);
    try (StoreGate gate = gate()) {
      assertTrue(awaitDown(gate).contains("format version 9"));
      Files.write(closed, sound);
      rooms.storage();
      Supplier<PartStore> parts = rooms.parts;
      assertNotNull(parts);
      assertSame(parts.get(), parts.get());
    }
  }

  @Test
  void aFolderThatAnotherOneHoldsIsTakenWhenItIsFree() throws Exception {
    DiskStorage other = new DiskStorage(settings());
    try (StoreGate gate = gate()) {
      assertTrue(awaitDown(gate).contains("is in use by this process"));
      other.close();
      rooms.storage();
    }
  }

  @Test
  void aProcessThatAsksForNoPartsHasNoneOnDisk() throws Exception {
    try (StoreGate gate = gate()) {
      rooms.storage();
      assertEquals(StatusLine.State.READY, gate.status().get(0).state());
      assertFalse(Files.exists(folder.resolve("parts")));
      Supplier<PartStore> parts = rooms.parts;
      assertNotNull(parts);
      assertEquals(0, parts.get().nextOrdinal());
      assertTrue(Files.exists(folder.resolve("parts")));
    }
  }
}
