// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every implementation of a journal keeps to. */
public abstract class JournalContract {
  /** Opens the one journal of this test; after a close it is opened again with what it kept. */
  protected abstract Journal open() throws Exception;

  /** The bytes of a text. */
  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All records from a sequence on, each as {@code sequence=text}. */
  protected static List<String> texts(Journal journal, long from) {
    List<String> found = new ArrayList<>();
    journal.replay(
        from,
        (sequence, body) -> found.add(sequence + "=" + new String(body, StandardCharsets.UTF_8)));
    return found;
  }

  @Test
  void anEmptyJournalHasNoRecords() throws Exception {
    try (Journal journal = open()) {
      assertEquals(0, journal.last());
      assertEquals(1, journal.first());
      assertEquals(List.of(), texts(journal, 1));
    }
  }

  @Test
  void recordsAreNumberedFromOneAndReplayedInOrderFromAnyOfThem() throws Exception {
    try (Journal journal = open()) {
      assertEquals(1, journal.append(bytes("a")));
      assertEquals(2, journal.append(bytes("")));
      assertEquals(3, journal.append(bytes("c")));
      assertEquals(List.of("1=a", "2=", "3=c"), texts(journal, 1));
      assertEquals(List.of("3=c"), texts(journal, 3));
      assertEquals(List.of(), texts(journal, 4));
    }
  }

  @Test
  void recordsAreThereAfterClosingAndOpeningAgain() throws Exception {
    try (Journal journal = open()) {
      journal.append(bytes("a"));
      journal.force();
      journal.append(bytes("b"));
    }
    try (Journal journal = open()) {
      assertEquals(2, journal.last());
      assertEquals(3, journal.append(bytes("c")));
      assertEquals(List.of("1=a", "2=b", "3=c"), texts(journal, 1));
    }
  }

  @Test
  void aLargeRecordComesBackUnchanged() throws Exception {
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31 + (i >> 8));
    }
    try (Journal journal = open()) {
      journal.append(large);
      journal.append(bytes("after"));
    }
    try (Journal journal = open()) {
      List<byte[]> found = new ArrayList<>();
      journal.replay(1, (sequence, body) -> found.add(body));
      assertArrayEquals(large, found.get(0));
      assertArrayEquals(bytes("after"), found.get(1));
    }
  }

  @Test
  void droppingKeepsEveryRecordFromTheSequenceOn() throws Exception {
    try (Journal journal = open()) {
      for (int i = 1; i <= 500; i++) {
        journal.append(bytes("record " + i + " with some length to it, so that files fill up"));
      }
      long before = journal.bytes();
      journal.dropBefore(400);
      assertTrue(journal.bytes() < before, "nothing was dropped");
      assertTrue(journal.first() <= 400);
      assertEquals(101, texts(journal, 400).size());
      assertEquals(501, journal.append(bytes("next")));
    }
    try (Journal journal = open()) {
      assertEquals(501, journal.last());
      assertEquals(102, texts(journal, 400).size());
    }
  }

  @Test
  void numberingGoesOnAfterEverythingWasDropped() throws Exception {
    try (Journal journal = open()) {
      for (int i = 1; i <= 300; i++) {
        journal.append(bytes("record " + i + " with some length to it, so that files fill up"));
      }
      journal.dropBefore(301);
    }
    try (Journal journal = open()) {
      assertEquals(300, journal.last());
      assertEquals(301, journal.append(bytes("next")));
    }
  }

  @Test
  void manyThreadsAppendWithoutGapsOrMixedRecords() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Journal journal = open()) {
      List<Future<Set<Long>>> parts = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String name = "thread " + t;
        parts.add(
            threads.submit(
                () -> {
                  Set<Long> mine = new HashSet<>();
                  for (int i = 0; i < 200; i++) {
                    mine.add(journal.append(bytes(name)));
                  }
                  return mine;
                }));
      }
      Set<Long> all = new HashSet<>();
      for (Future<Set<Long>> part : parts) {
        all.addAll(part.get());
      }
      assertEquals(800, all.size());
      assertEquals(800, journal.last());
      assertEquals(
          200, texts(journal, 1).stream().filter(text -> text.endsWith("=thread 3")).count());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anInterruptedThreadNeitherLosesItsRecordNorClosesTheJournal() throws Exception {
    try (Journal journal = open()) {
      Thread.currentThread().interrupt();
      assertEquals(1, journal.append(bytes("a")));
      assertTrue(Thread.interrupted());
      assertEquals(2, journal.append(bytes("b")));
      assertEquals(List.of("1=a", "2=b"), texts(journal, 1));
    }
  }

  @Test
  void aClosedJournalRefusesToAppend() throws Exception {
    Journal journal = open();
    journal.close();
    journal.close();
    assertThrows(IllegalStateException.class, () -> journal.append(bytes("a")));
  }
}
