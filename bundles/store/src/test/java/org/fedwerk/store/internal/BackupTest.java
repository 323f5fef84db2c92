// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.store.Backups;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.api.store.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a store that works, and its way back. */
@Timeout(60)
class BackupTest {
  private static final byte[] BLOB = "blob".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final BlockingQueue<Storage> opened = new LinkedBlockingQueue<>();

  private StoreGate gate(String name) {
    StoreGate gate =
        new StoreGate(
            new StoreSettings(folder.resolve(name), 4096, 0, Duration.ZERO, Duration.ofSeconds(1)),
            new StoreGate.Offer() {
              @Override
              public void open(Storage storage, Supplier<PartStore> parts) {
                opened.add(storage);
              }

              @Override
              public void close() {
                opened.clear();
              }
            },
            Duration.ofMillis(50));
    gate.start();
    return gate;
  }

  private Storage storage() throws InterruptedException {
    Storage storage = opened.poll(20, TimeUnit.SECONDS);
    assertNotNull(storage, "the store was not opened");
    return storage;
  }

  private static int count(Journal journal) {
    List<Long> all = new ArrayList<>();
    journal.replay(journal.first(), (sequence, body) -> all.add(sequence));
    return all.size();
  }

  @Test
  void whatWasBackedUpIsBackInAnotherFolderWithTheNextEpoch() throws Exception {
    Path file = folder.resolve("backup.zip");
    Digest blob;
    try (StoreGate gate = gate("first")) {
      Storage storage = storage();
      for (int i = 0; i < 100; i++) {
        storage.journal("coordinator/tasks").append(new byte[100]);
      }
      blob = storage.blobs().put(BLOB);
      Backups.Summary made = gate.backup(file);
      assertEquals(1, made.epoch());
      storage.journal("coordinator/tasks").append(new byte[100]);
      String twice = assertThrows(RefusedException.class, () -> gate.backup(file)).getMessage();
      assertTrue(twice.contains("exists"), twice);
    }
    try (StoreGate gate = gate("second")) {
      storage();
      assertEquals(2, gate.restore(file, false, 0).epoch());
      Storage restored = storage();
      assertEquals(2, restored.epoch());
      assertTrue(restored.isRestored());
      assertEquals(100, count(restored.journal("coordinator/tasks")));
      assertArrayEquals(BLOB, restored.blobs().get(blob).orElseThrow());
      restored.settled();
      assertFalse(restored.isRestored());
      assertEquals(101, restored.journal("coordinator/tasks").append(new byte[1]));
    }
    try (StoreGate again = gate("second")) {
      Storage storage = storage();
      assertEquals(2, storage.epoch());
      assertFalse(storage.isRestored());
      String used =
          assertThrows(RefusedException.class, () -> again.restore(file, false, 0)).getMessage();
      assertTrue(used.contains("is not empty; --force"), used);
      assertEquals(9, again.restore(file, true, 9).epoch());
      assertEquals(100, count(storage().journal("coordinator/tasks")));
      assertTrue(Files.exists(folder.resolve("second/before-restore-2/journals")));
    }
  }

  @Test
  void aBackupIsOneMomentOfAllJournalsWhileTheyAreWritten() throws Exception {
    AtomicBoolean goOn = new AtomicBoolean(true);
    try (StoreGate gate = gate("first")) {
      Storage storage = storage();
      Journal before = storage.journal("a");
      Journal after = storage.journal("b");
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                while (goOn.get()) {
                  before.append(new byte[50]);
                  after.append(new byte[50]);
                }
              });
      for (int i = 0; i < 5; i++) {
        gate.backup(folder.resolve(i + ".zip"));
      }
      goOn.set(false);
      writer.get(20, TimeUnit.SECONDS);
    }
    for (int i = 0; i < 5; i++) {
      try (StoreGate gate = gate("copy" + i)) {
        storage();
        gate.restore(folder.resolve(i + ".zip"), false, 0);
        Storage copy = storage();
        long more = copy.journal("a").last() - copy.journal("b").last();
        assertTrue(more == 0 || more == 1, more + " records more");
      }
    }
  }

  @Test
  void aRestoreThatAKillInterruptedIsCarriedThroughAtTheNextStart() throws Exception {
    Path file = folder.resolve("backup.zip");
    try (StoreGate gate = gate("first")) {
      storage().journal("a").append(new byte[1]);
      gate.backup(file);
    }
    Path second = Files.createDirectories(folder.resolve("second"));
    try (DiskStorage old = new DiskStorage(StoreSettings.in(second))) {
      old.journal("b").append(new byte[1]);
    }
    Restore.prepare(second, file, 0);
    Restore.decide(second);
    // Killed after the first of the moves.
    Files.createDirectories(second.resolve("before-restore-1"));
    Files.move(second.resolve("journals"), second.resolve("before-restore-1/journals"));
    try (StoreGate gate = gate("second")) {
      Storage restored = storage();
      assertEquals(1, restored.journal("a").last());
      assertEquals(0, restored.journal("b").last());
      assertEquals(2, restored.epoch());
      assertFalse(Files.exists(second.resolve("restoring")));
    }
  }

  @Test
  void aFileThatIsNoWholeBackupReplacesNothing() throws Exception {
    Path file = folder.resolve("backup.zip");
    try (StoreGate gate = gate("first")) {
      Storage storage = storage();
      storage.journal("a").append(new byte[1000]);
      gate.backup(file);
      byte[] bytes = Files.readAllBytes(file);
      Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(bytes, 200));
      Path text = Files.writeString(folder.resolve("text"), "no backup");
      for (Path wrong : List.of(cut, text)) {
        String message =
            assertThrows(RefusedException.class, () -> gate.restore(wrong, true, 0)).getMessage();
        assertTrue(message.contains("is no whole backup"), message);
      }
      assertThrows(RefusedException.class, () -> gate.restore(folder.resolve("absent"), true, 0));
      assertEquals(1, storage.journal("a").last());
      assertEquals(2, storage.journal("a").append(new byte[1]));
    }
  }
}
