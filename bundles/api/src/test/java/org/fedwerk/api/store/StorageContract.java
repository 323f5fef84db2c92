// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.junit.jupiter.api.Test;

/** What every implementation of a storage keeps to, its journals included. */
public abstract class StorageContract extends JournalContract {
  /**
   * The storage of this test, open; the same while it is open, and after {@link #restart} another
   * one with what the first kept.
   */
  protected abstract Storage storage() throws Exception;

  /** Closes the storage as its process would at its end. */
  protected abstract void restart() throws Exception;

  @Override
  protected Journal open() throws Exception {
    return storage().journal("contract/journal");
  }

  @Test
  void oneNameGivesOneJournalWhileItIsOpenAndNamesKeepApart() throws Exception {
    Storage storage = storage();
    assertSame(storage.journal("rounds/task-1"), storage.journal("rounds/task-1"));
    storage.journal("rounds/task-1").append(bytes("a"));
    storage.journal("rounds/task-1").close();
    assertEquals(1, storage.journal("rounds/task-1").last());
    assertEquals(0, storage.journal("rounds").last());
    assertEquals(0, storage.journal("rounds/task-2").last());
  }

  @Test
  void namesThatAreNoNamesAreRefused() throws Exception {
    Storage storage = storage();
    for (String name : List.of("../x", "a/../b", "/a", "A", "", "a//b", ".hidden", "a b", "a'b")) {
      assertThrows(IllegalArgumentException.class, () -> storage.journal(name), name);
    }
  }

  @Test
  void journalsAndBlobsAreThereAfterARestart() throws Exception {
    Digest digest = storage().blobs().put(bytes("blob"));
    storage().journal("rounds").append(bytes("a"));
    storage().journal("rounds").force();
    storage().journal("rounds").append(bytes("b"));
    restart();
    assertEquals(List.of("1=a", "2=b"), texts(storage().journal("rounds"), 1));
    assertArrayEquals(bytes("blob"), storage().blobs().get(digest).orElseThrow());
    assertEquals(3, storage().journal("rounds").append(bytes("c")));
  }

  @Test
  void aBlobIsKeptUnderItsDigestUntilItIsDeleted() throws Exception {
    Blobs blobs = storage().blobs();
    Digest digest = blobs.put(bytes("blob"));
    assertEquals(Digest.of(bytes("blob")), digest);
    assertEquals(digest, blobs.put(bytes("blob")));
    Digest empty = blobs.put(new byte[0]);
    assertTrue(blobs.has(digest));
    assertArrayEquals(bytes("blob"), blobs.get(digest).orElseThrow());
    assertArrayEquals(new byte[0], blobs.get(empty).orElseThrow());
    blobs.delete(digest);
    blobs.delete(digest);
    assertFalse(blobs.has(digest));
    assertEquals(Optional.empty(), blobs.get(digest));
    assertTrue(blobs.has(empty));
    assertEquals(digest, blobs.put(bytes("blob")));
    assertTrue(blobs.has(digest));
  }

  @Test
  void aRecordIsTheCallersOwnAgainOnceItIsAppended() throws Exception {
    byte[] record = bytes("before");
    Journal journal = storage().journal("rounds");
    journal.append(record);
    record[0] = 'X';
    assertEquals(List.of("1=before"), texts(journal, 1));
    journal.replay(1, (sequence, body) -> body[0] = 'Y');
    assertEquals(List.of("1=before"), texts(journal, 1));
  }

  @Test
  void theEpochIsAtLeastOneAndNeverFalls() throws Exception {
    long before = storage().epoch();
    assertTrue(before >= 1, "epoch " + before);
    assertEquals(before, storage().epoch());
    restart();
    assertTrue(storage().epoch() >= before, storage().epoch() + " after " + before);
  }
}
