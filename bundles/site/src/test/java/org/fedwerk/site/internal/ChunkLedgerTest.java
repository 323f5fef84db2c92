// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.fedwerk.api.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody needs goes, and nothing that somebody is about to need. */
class ChunkLedgerTest {
  @TempDir Path folder;
  private Disk disk;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private static Digest digest(String of) {
    return Digest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void chunksThatNothingNeedsAreDeletedAlsoThoseOfAnEarlierRun() {
    ChunkLedger ledger = new ChunkLedger(disk.journal(), disk.blobs());
    Digest kept = disk.blobs().put(new byte[] {1});
    Digest gone = disk.blobs().put(new byte[] {2});
    Digest foreign = disk.blobs().put(new byte[] {3});
    ledger.note(List.of(kept, gone, kept));
    disk.again();
    ChunkLedger back = new ChunkLedger(disk.journal(), disk.blobs());
    back.collect(kept::equals);
    assertTrue(disk.blobs().has(kept));
    assertFalse(disk.blobs().has(gone));
    assertTrue(disk.blobs().has(foreign), "what was not noted is not touched");
    disk.again();
    new ChunkLedger(disk.journal(), disk.blobs()).collect(none -> false);
    assertFalse(disk.blobs().has(kept));
  }

  @Test
  void aChunkThatIsMadeAnewStaysWhileTheReplyOfTheSameBytesIsLetGo() {
    ChunkLedger ledger = new ChunkLedger(disk.journal(), disk.blobs());
    byte[] bytes = {1};
    Digest of = ledger.keep(bytes);
    ledger.made();
    assertEquals(of, ledger.keep(bytes), "the next attempt trains to the same bytes");
    ledger.collect(none -> false);
    assertTrue(disk.blobs().has(of), "the reply that needs it is not written down yet");
    ledger.made();
    ledger.collect(none -> false);
    assertFalse(disk.blobs().has(of));
  }

  @Test
  void whoIsAskedWhatItNeedsMayKeepAChunkMeanwhile() throws InterruptedException {
    ChunkLedger ledger = new ChunkLedger(disk.journal(), disk.blobs());
    ledger.note(List.of(disk.blobs().put(new byte[] {1})));
    AtomicReference<Digest> kept = new AtomicReference<>();
    Thread work = new Thread(() -> kept.set(ledger.keep(new byte[] {2})));
    ledger.collect(
        chunk -> {
          work.start();
          try {
            work.join(10_000);
          } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
          }
          return false;
        });
    assertNotNull(kept.get(), "they waited for each other");
    assertTrue(disk.blobs().has(kept.get()));
  }

  @Test
  void theLedgerOfChunksDoesNotGrowForEver() {
    ChunkLedger ledger = new ChunkLedger(disk.journal(), disk.blobs());
    for (int i = 0; i < 500; i++) {
      Digest now = digest("chunk " + i);
      ledger.note(List.of(now));
      ledger.collect(now::equals);
    }
    assertTrue(disk.journal().first() > 800, "nothing was dropped");
  }
}
