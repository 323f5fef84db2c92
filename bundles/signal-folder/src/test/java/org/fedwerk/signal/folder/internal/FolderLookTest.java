// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.window.internal.ImageInspector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLookTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private final List<Sample> stored = new ArrayList<>();
  private boolean full;
  private long nanos;
  private Tally tally;
  private FolderLook look;

  @BeforeEach
  void start() {
    start(NOON, true);
  }

  private void start(Instant now, boolean moves) {
    FolderSettings settings = Plates.settings(folder, moves);
    tally = new Tally(settings, () -> nanos);
    SampleSink sink =
        new SampleSink() {
          @Override
          public void accept(String source, List<Sample> samples) {
            if (full) {
              throw new UncheckedIOException(new IOException("the disk is full"));
            }
            assertEquals("press", source);
            stored.addAll(samples);
          }

          @Override
          public void interrupted(String source) {}
        };
    look =
        new FolderLook(
            settings,
            sink,
            new ImageInspector(),
            tally,
            Clock.fixed(now, ZoneOffset.UTC),
            () -> nanos);
  }

  private int look() throws IOException {
    nanos += TimeUnit.SECONDS.toNanos(1);
    return look.look(() -> true);
  }

  private void put(String name, byte[] content, long age) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(NOON.minusSeconds(age)));
  }

  /** Serials of what is stored, each with its image between its begin and its end. */
  private List<String> serials() {
    List<String> serials = new ArrayList<>();
    for (int i = 0; i < stored.size(); i += 3) {
      Sample begin = stored.get(i);
      assertEquals("camera", stored.get(i + 1).signal());
      assertEquals(begin.sourceTime(), stored.get(i + 1).sourceTime());
      assertEquals(new SampleValue.Text(""), stored.get(i + 2).value());
      assertTrue(stored.get(i + 2).sourceTime().isAfter(begin.sourceTime()));
      serials.add(((SampleValue.Text) begin.value()).value());
    }
    return serials;
  }

  private boolean isIn(String name) {
    return Files.exists(folder.resolve(name));
  }

  @Test
  void aFileIsStoredOnceItHasNotChangedFromOneLookToTheNext() throws IOException {
    put("A-1.png", Plates.png(1), 5);
    look();
    assertEquals(List.of(), stored);
    look();
    assertEquals(List.of("A-1"), serials());
    SampleValue.Image image = (SampleValue.Image) stored.get(1).value();
    assertEquals(new EncodedImage(Plates.png(1)), image.image());
    assertTrue(isIn("taken/A-1.png") && !isIn("A-1.png"));
    look();
    assertEquals(3, stored.size(), "once");
    assertEquals(1, tally.taken());
  }

  @Test
  void aFileThatGrowsIsReadWhenItIsWhole() throws IOException {
    byte[] whole = Plates.png(2);
    put("B.png", Arrays.copyOf(whole, 40), 5);
    look();
    put("B.png", Arrays.copyOf(whole, 80), 4);
    look();
    assertEquals(1, look(), "unchanged, but not whole");
    put("B.png", whole, 3);
    look();
    look();
    assertEquals(List.of("B"), serials());
    assertEquals(0, tally.refused());
  }

  @Test
  void aFileThatStaysCutOffIsRefusedAndCountedWithTheReason() throws IOException {
    put("C.png", Arrays.copyOf(Plates.png(3), 60), 5);
    for (int i = 0; i < 10; i++) {
      look();
      assertTrue(isIn("C.png"), "after " + i + " seconds");
    }
    look();
    assertTrue(isIn("refused/C.png") && !isIn("C.png"));
    SignalReading reading = tally.readings().get(0);
    assertEquals(1, reading.refused());
    assertTrue(reading.quality().contains("is cut off after 60 bytes"), reading.quality());
    assertEquals(List.of(), stored);
  }

  @Test
  void whatIsTooLargeOrNoImageOrHasNoSerialIsRefused() throws IOException {
    put("large.png", new byte[10_001], 5);
    put("text.jpg", "no picture".getBytes(StandardCharsets.UTF_8), 5);
    put(" .jpeg", Plates.png(1), 5);
    put("x".repeat(129) + ".png", Plates.png(1), 5);
    for (int i = 0; i < 12; i++) {
      look();
    }
    assertEquals(4, tally.refused());
    assertTrue(isIn("refused/large.png") && isIn("refused/text.jpg") && isIn("refused/ .jpeg"));
    assertEquals(List.of(), stored);
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    put(".D.png", Plates.png(1), 5);
    put("D.png.tmp", Plates.png(1), 5);
    put("D.txt", Plates.png(1), 5);
    Files.createDirectory(folder.resolve("D.png"));
    Files.createSymbolicLink(folder.resolve("E.png"), folder.resolve(".D.png"));
    for (int i = 0; i < 12; i++) {
      look();
    }
    assertEquals(List.of(), stored);
    assertTrue(isIn(".D.png") && isIn("D.png.tmp") && isIn("D.txt") && isIn("E.png"));
    assertEquals(0, tally.refused());
  }

  @Test
  void filesComeInTheOrderOfTheirAgeAndTheirTimesOnlyGrowAlsoIfTheClockIsSetBack()
      throws IOException {
    put("F2.png", Plates.png(1), 10);
    put("F1.JPG", Plates.png(2), 20);
    look();
    look();
    assertEquals(List.of("F1", "F2"), serials());
    start(NOON.minusSeconds(3600), true);
    put("F3.png", Plates.png(3), 5);
    look();
    look();
    assertEquals(List.of("F1", "F2", "F3"), serials());
    Instant before = Instant.MIN;
    for (Sample sample : stored) {
      assertFalse(sample.sourceTime().isBefore(before), stored.toString());
      before = sample.sourceTime();
    }
    assertTrue(stored.get(6).sourceTime().isAfter(stored.get(5).sourceTime()));
  }

  @Test
  void aFileStaysWhileTheSiteCannotStoreIt() throws IOException {
    put("G.png", Plates.png(1), 5);
    look();
    full = true;
    assertThrows(UncheckedIOException.class, this::look);
    assertTrue(isIn("G.png"));
    full = false;
    look();
    assertEquals(List.of("G"), serials());
  }

  @Test
  void aStoredFileThatCannotBePutAwayIsNotStoredAgain() throws IOException {
    put("H.png", Plates.png(1), 5);
    Files.writeString(folder.resolve("taken"), "in the way");
    look();
    assertThrows(IOException.class, this::look);
    assertThrows(IOException.class, this::look);
    assertEquals(List.of("H"), serials());
    Files.delete(folder.resolve("taken"));
    look();
    assertTrue(isIn("taken/H.png"));
    assertEquals(List.of("H"), serials());
  }

  @Test
  void noMoreFilesAreLookedAtThanTheBoundAllowsAndTheRestComesLater() throws IOException {
    for (int i = 0; i < Plates.MOST_FILES + 3; i++) {
      put("J" + i + ".png", Plates.png(i), 5);
    }
    look();
    assertEquals(Plates.MOST_FILES, tally.waiting());
    look();
    assertEquals(Plates.MOST_FILES, serials().size());
    assertEquals(0, tally.waiting());
    look();
    assertEquals(3, tally.waiting());
    look();
    assertEquals(Plates.MOST_FILES + 3, serials().size());
    assertEquals(0, tally.waiting());
  }

  @Test
  void storedFilesAreDeletedIfSoConfigured() throws IOException {
    start(NOON, false);
    put("I.png", Plates.png(1), 5);
    look();
    look();
    assertEquals(List.of("I"), serials());
    assertFalse(isIn("I.png") || isIn("taken"));
  }
}
