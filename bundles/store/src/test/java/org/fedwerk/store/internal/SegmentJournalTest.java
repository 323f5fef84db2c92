// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.JournalContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentJournalTest extends JournalContract {
  @TempDir Path folder;

  @Override
  protected SegmentJournal open() {
    return new SegmentJournal(folder, 4096, () -> {});
  }

  private Path newestFile() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  @Test
  void aTornEndIsDroppedAtEveryPlaceWhereTheLastRecordCanBeCut() throws Exception {
    try (Journal journal = open()) {
      journal.append(bytes("first"));
      journal.append(bytes("second"));
    }
    byte[] whole = Files.readAllBytes(newestFile());
    int secondAt = SegmentFile.HEADER + SegmentFile.FRAME + 5;
    for (int cut = secondAt; cut < whole.length; cut++) {
      Files.write(newestFile(), Arrays.copyOf(whole, cut));
      try (Journal journal = open()) {
        assertEquals(List.of("1=first"), texts(journal, 1), "cut at " + cut);
        assertEquals(2, journal.append(bytes("again")));
      }
      try (Journal journal = open()) {
        assertEquals(List.of("1=first", "2=again"), texts(journal, 1), "cut at " + cut);
      }
    }
  }

  @Test
  void zerosAtTheEndAsAfterALossOfPowerAreDropped() throws Exception {
    try (Journal journal = open()) {
      journal.append(bytes("first"));
    }
    byte[] whole = Files.readAllBytes(newestFile());
    Files.write(newestFile(), Arrays.copyOf(whole, whole.length + 1000));
    try (Journal journal = open()) {
      assertEquals(List.of("1=first"), texts(journal, 1));
      assertEquals(2, journal.append(bytes("second")));
    }
  }

  @Test
  void aCutHeaderOfTheNewestFileKeepsTheNumbering() throws Exception {
    try (Journal journal = open()) {
      for (int i = 0; i < 100; i++) {
        journal.append(new byte[100]);
      }
    }
    Path newest = newestFile();
    long first = SegmentFile.firstOf(newest);
    Files.write(newest, new byte[7]);
    try (Journal journal = open()) {
      assertEquals(first - 1, journal.last());
      assertEquals(first, journal.append(bytes("x")));
    }
  }

  @Test
  void aDamagedRecordInTheMiddleIsRefusedWithFileOffsetAndWhatToDo() throws Exception {
    try (Journal journal = open()) {
      journal.append(bytes("first"));
      journal.append(bytes("second"));
      journal.append(bytes("third"));
    }
    Path file = newestFile();
    byte[] content = Files.readAllBytes(file);
    int secondAt = SegmentFile.HEADER + SegmentFile.FRAME + 5;
    content[secondAt + SegmentFile.FRAME] ^= 1;
    Files.write(file, content);
    String message = assertThrows(UncheckedIOException.class, this::open).getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("offset " + secondAt), message);
    assertTrue(message.contains("bring the folder back from a backup"), message);
  }

  @Test
  void aDamagedRecordInAnOlderFileIsToldWhenItIsRead() throws Exception {
    try (Journal journal = open()) {
      for (int i = 0; i < 100; i++) {
        journal.append(new byte[100]);
      }
    }
    Path oldest = SegmentFile.path(folder, 1);
    byte[] content = Files.readAllBytes(oldest);
    content[200] ^= 1;
    Files.write(oldest, content);
    try (Journal journal = open()) {
      String message =
          assertThrows(UncheckedIOException.class, () -> texts(journal, 1)).getMessage();
      assertTrue(message.contains(oldest.toString()), message);
    }
  }

  @Test
  void aFileOfANewerReleaseIsRefused() throws Exception {
    open().close();
    byte[] content = Files.readAllBytes(newestFile());
    ByteBuffer.wrap(content).putInt(8, 2);
    Files.write(newestFile(), content);
    String message = assertThrows(UncheckedIOException.class, this::open).getMessage();
    assertTrue(message.contains("format version 2"), message);
    assertTrue(message.contains("newer release"), message);
  }
}
