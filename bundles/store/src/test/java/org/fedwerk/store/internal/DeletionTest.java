// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.store.DataSelection.ByLabelSource;
import org.fedwerk.api.store.DataSelection.BySerial;
import org.fedwerk.api.store.DataSelection.ByTime;
import org.fedwerk.api.store.DeletableData.Deleted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int PARTS = 60;

  @TempDir Path folder;
  private DiskStorage storage;
  private DiskPartStore parts;

  @BeforeEach
  void fill() {
    start();
    for (int i = 0; i < PARTS; i++) {
      assertTrue(Filling.part(parts, i));
    }
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private void start() {
    storage =
        new DiskStorage(new StoreSettings(folder, 4096, 0, Duration.ZERO, Duration.ofSeconds(1)));
    parts = new DiskPartStore(storage);
  }

  private void restart() {
    storage.close();
    start();
  }

  @Test
  void nothingOfADeletedSerialIsInAnyFileAndAllElseIsAsItWas() throws Exception {
    assertTrue(Files.hold(folder, Filling.serial(7)) && Files.hold(folder, Filling.value(7)));
    assertEquals(new Deleted(1, 2), parts.count(Set.of(Filling.serial(7))));
    assertEquals(new Deleted(1, 2), parts.delete(Set.of(Filling.serial(7))));
    for (int again = 0; again < 2; again++) {
      assertFalse(Files.hold(folder, Filling.serial(7)));
      assertFalse(Files.hold(folder, Filling.value(7)));
      assertTrue(Files.hold(folder, Filling.serial(8)));
      assertTrue(Files.hold(folder, Filling.value(8)));
      Filling.assertGone(parts, 7);
      for (int i = 0; i < PARTS; i++) {
        if (i != 7) {
          Filling.assertThere(parts, i);
        }
      }
      assertEquals(PARTS, parts.nextOrdinal());
      assertEquals(1, parts.deletions());
      restart();
    }
  }

  @Test
  void theImageOfADeletedPartIsInNoFile() throws Exception {
    String secret = "the picture of one plate";
    EncodedImage image = new EncodedImage(secret.getBytes(StandardCharsets.US_ASCII));
    Part part =
        new Part("plate", parts.nextOrdinal(), NOON.plusSeconds(9000), NOON.plusSeconds(9001));
    parts.append(
        "folder", List.of(new Sample("camera", new SampleValue.Image(image), 0, part.begin())));
    assertTrue(parts.add(new PartData(part, Map.of(), false, Map.of("camera", image))));
    assertTrue(Files.hold(folder, secret));
    parts.delete(Set.of("plate"));
    assertFalse(Files.hold(folder, secret));
    restart();
    assertFalse(Files.hold(folder, secret));
    Filling.assertThere(parts, PARTS - 1);
  }

  @Test
  void samplesThatAreStillNeededStayAndThoseOfTheDeletedPartGo() throws Exception {
    // Not released: a slow signal holds the log back.
    List<Sample> before = new ArrayList<>();
    parts.replay((sequence, source, samples) -> before.addAll(samples));
    parts.delete(Set.of(Filling.serial(PARTS - 1)));
    restart();
    List<Sample> after = new ArrayList<>();
    parts.replay((sequence, source, samples) -> after.addAll(samples));
    before.removeIf(sample -> Filling.isOf(sample, PARTS - 1));
    assertEquals(before, after);
    assertFalse(after.isEmpty());
    assertFalse(Files.hold(folder, Filling.value(PARTS - 1)));
  }

  @Test
  void aDeletedSerialComesBackNeitherByALateLabelNorByASourceThatDeliversAgain() {
    parts.delete(Set.of(Filling.serial(7)));
    for (int again = 0; again < 2; again++) {
      assertEquals(Optional.empty(), parts.label(Filling.label(7, "scrap", NOON)));
      assertEquals(DataRole.TEST, parts.decide(Filling.serial(7), DataRole.TEST));
      assertEquals(Optional.empty(), parts.role(Filling.serial(7)));
      assertFalse(parts.add(Filling.data(7, parts.nextOrdinal(), Filling.begin(7))));
      assertEquals(PARTS, parts.nextOrdinal());
      assertTrue(parts.isDeleted(Filling.serial(7)));
      Filling.assertGone(parts, 7);
      restart();
    }
  }

  @Test
  void timesOfDeletedPartsAreAUnionOfSpans() {
    Spans spans = new Spans();
    spans.add(NOON.plusSeconds(10), NOON.plusSeconds(20));
    spans.add(NOON.plusSeconds(5), NOON.plusSeconds(30));
    spans.add(NOON.plusSeconds(30), NOON.plusSeconds(31));
    spans.add(NOON.plusSeconds(50), NOON.plusSeconds(60));
    spans.add(NOON.plusSeconds(40), NOON.plusSeconds(40));
    for (int second : List.of(5, 9, 10, 25, 30, 50, 59)) {
      assertTrue(spans.holds(NOON.plusSeconds(second)), second + " s");
    }
    for (int second : List.of(4, 31, 40, 49, 60)) {
      assertFalse(spans.holds(NOON.plusSeconds(second)), second + " s");
    }
  }

  @Test
  void aLaterPartMayUseTheNameAgainAndThenHasLabels() {
    parts.delete(Set.of(Filling.serial(7)));
    Instant later = Filling.begin(PARTS + 3);
    assertTrue(parts.add(Filling.data(7, PARTS, later)));
    assertFalse(parts.isDeleted(Filling.serial(7)));
    assertTrue(parts.label(Filling.label(7, "good", later)).isPresent());
    parts.delete(Set.of(Filling.serial(9)));
    restart();
    assertEquals(later, parts.part(Filling.serial(7)).orElseThrow().part().begin());
    assertTrue(parts.newest(Filling.serial(7), "quality").isPresent());
    assertEquals(Optional.empty(), parts.part(7), "the one that was deleted");
  }

  @Test
  void theNewestPartMayGoAndItsEndIsStillKnown() {
    Instant end = parts.closedThrough().orElseThrow();
    parts.delete(Set.of(Filling.serial(PARTS - 1)));
    restart();
    assertEquals(end, parts.closedThrough().orElseThrow());
    assertEquals(Optional.empty(), parts.part(PARTS - 1));
    assertTrue(parts.add(Filling.data(PARTS, PARTS, Filling.begin(PARTS))));
  }

  /** A kill after each step of a deletion: what the step before had done is on disk. */
  @Test
  void aDeletionThatAKillInterruptedIsEndedAtTheNextStart() throws Exception {
    for (int steps = 0; steps <= 4; steps++) {
      int part = 10 + 2 * steps;
      Tombstones tombstones = new Tombstones(parts("deleted"));
      tombstones.begin(Set.of(Filling.serial(part)), parts.closedThrough().orElseThrow());
      Spans spans = new Spans();
      spans.add(Filling.begin(part), Filling.begin(part + 1));
      Redactions redactions = new Redactions(tombstones, spans);
      if (steps > 0) {
        parts("samples").redact((sequence, body) -> redactions.batch(false, 1, body));
      }
      if (steps > 1) {
        new LabelLog(parts("labels"), tombstones::has).forget();
      }
      if (steps > 2) {
        parts("closed").redact((sequence, body) -> redactions.carried(sequence - 1, body));
      }
      if (steps > 3) {
        parts("closed").redact((sequence, body) -> redactions.part(sequence - 1, body));
      }
      assertEquals(steps < 4, Files.hold(folder, Filling.serial(part)));
      restart();
      assertFalse(Files.hold(folder, Filling.serial(part)), "after " + steps + " steps");
      assertFalse(Files.hold(folder, Filling.value(part)), "after " + steps + " steps");
      Filling.assertGone(parts, part);
      Filling.assertThere(parts, part + 1);
      assertEquals(steps + 1, parts.deletions());
      assertFalse(new Tombstones(parts("deleted")).isOpen());
    }
  }

  @Test
  void aDeletionThatCannotWriteShowsNothingAnyMoreAndIsEndedAtTheNextStart() throws Exception {
    Path inTheWay = folder.resolve("parts/labels/00000000000000000001.seg.anew");
    java.nio.file.Files.createDirectory(inTheWay);
    String failed = fails(7);
    assertTrue(failed.contains("taking content out of"), failed);
    Filling.assertGone(parts, 7);
    assertTrue(fails(8).contains("could not be ended"));
    Filling.assertThere(parts, 9);
    restart();
    Filling.assertGone(parts, 7);
    assertFalse(Files.hold(folder, Filling.serial(7)));
    assertFalse(Files.hold(folder, Filling.value(7)));
    Filling.assertThere(parts, 10);
    parts.delete(Set.of(Filling.serial(8)));
    assertFalse(Files.hold(folder, Filling.serial(8)));
  }

  private String fails(int i) {
    return String.valueOf(
        assertThrows(
                java.io.UncheckedIOException.class, () -> parts.delete(Set.of(Filling.serial(i))))
            .getMessage());
  }

  private SegmentJournal parts(String name) {
    return storage.partsJournal(name, 4096);
  }

  @Test
  void aSelectionMeansSerials() {
    assertEquals(Set.of(Filling.serial(3)), parts.select(new BySerial(Filling.serial(3))));
    assertEquals(Set.of(), parts.select(new BySerial("nobody")));
    assertEquals(
        Set.of(Filling.serial(3), Filling.serial(4)),
        parts.select(new ByTime(Filling.begin(3), Filling.begin(5))));
    parts.label(new LabelReport(Filling.serial(5), "quality", "good", "audit", NOON, null));
    parts.label(new LabelReport("waits", "quality", "good", "audit", NOON.minusSeconds(9), null));
    assertEquals(Set.of(Filling.serial(5), "waits"), parts.select(new ByLabelSource("audit")));
    assertEquals(Set.of("waits"), parts.select(new ByTime(Instant.MIN, NOON)));
    assertEquals(Set.of(), parts.select(new ByLabelSource("nobody")));
    parts.delete(parts.select(new ByTime(Instant.MIN, Instant.MAX)));
    assertEquals(Set.of(), parts.select(new ByTime(Instant.MIN, Instant.MAX)));
    assertThrows(IllegalArgumentException.class, () -> new ByTime(NOON, NOON));
    assertThrows(IllegalArgumentException.class, () -> new BySerial(" "));
  }

  @Test
  void whatIsDeletedIsEvictedLikeTheRest() {
    parts.delete(parts.select(new ByTime(Instant.MIN, Filling.begin(PARTS - 5))));
    storage.close();
    storage =
        new DiskStorage(
            new StoreSettings(folder, 4096, 0, Duration.ofMinutes(20), Duration.ofSeconds(1)));
    parts = new DiskPartStore(storage);
    for (int i = PARTS; i < 2 * PARTS; i++) {
      assertTrue(Filling.part(parts, i));
    }
    assertTrue(parts.firstOrdinal() > PARTS - 5, parts.firstOrdinal() + " is the first");
    Filling.assertThere(parts, 2 * PARTS - 1);
  }

  /** What the files of a folder hold. */
  static final class Files {
    private Files() {}

    static boolean hold(Path folder, String text) throws Exception {
      return hold(folder, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static boolean hold(Path folder, double value) throws Exception {
      return hold(folder, java.nio.ByteBuffer.allocate(8).putDouble(value).array());
    }

    private static boolean hold(Path folder, byte[] wanted) throws Exception {
      String needle = new String(wanted, java.nio.charset.StandardCharsets.ISO_8859_1);
      try (var all = java.nio.file.Files.walk(folder)) {
        for (Path file : all.filter(java.nio.file.Files::isRegularFile).toList()) {
          byte[] bytes = java.nio.file.Files.readAllBytes(file);
          if (new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).contains(needle)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** Parts with a serial and a value that nothing else has, each one minute long. */
  static final class Filling {
    private Filling() {}

    /** The value of the part before, which holds at the begin. */
    private static Series torque(int i, Instant begin) {
      long at = begin.getEpochSecond() * 1_000_000_000L;
      return i == 0
          ? new Series(new long[] {at}, new double[] {value(i)})
          : new Series(
              new long[] {at - 60_000_000_000L, at}, new double[] {value(i - 1), value(i)});
    }

    static String serial(int i) {
      return "serial-" + i + "-of-the-press";
    }

    static double value(int i) {
      return 1000.123456789 + i;
    }

    static Instant begin(int i) {
      return NOON.plusSeconds(60L * i);
    }

    static boolean isOf(Sample sample, int i) {
      return !sample.sourceTime().isBefore(begin(i)) && sample.sourceTime().isBefore(begin(i + 1));
    }

    static PartData data(int i, long ordinal, Instant begin) {
      return new PartData(
          new Part(serial(i), ordinal, begin, begin.plusSeconds(60)),
          Map.of("torque", torque(i, begin)),
          false);
    }

    static LabelReport label(int i, String value, Instant time) {
      return new LabelReport(serial(i), "quality", value, "lab", time, null);
    }

    /** Its samples, in a batch with the begin of the next part; the part, two labels, the role. */
    static boolean part(DiskPartStore parts, int i) {
      long at =
          parts.append(
              "press",
              List.of(
                  new Sample("serial", new SampleValue.Text(serial(i)), 0, begin(i)),
                  new Sample("torque", new SampleValue.Number(value(i)), 0, begin(i)),
                  new Sample("clock", new SampleValue.Number(0.5), 0, begin(i + 1))));
      boolean kept = parts.add(data(i, i, begin(i)));
      parts.label(label(i, "good", begin(i + 1)));
      parts.label(label(i, "scrap", begin(i + 1)));
      parts.decide(serial(i), DataRole.TRAIN);
      if (i % 10 == 5) {
        parts.release(at);
      }
      return kept;
    }

    static void assertThere(DiskPartStore parts, int i) {
      PartData data = parts.part(serial(i)).orElseThrow();
      double[] values = data.series().get("torque").values();
      assertEquals(value(i), values[values.length - 1]);
      if (i > 0) {
        boolean before = parts.header(i - 1).isPresent();
        assertEquals(before ? value(i - 1) : Double.NaN, values[0]);
      }
      assertEquals(data.part(), parts.header(i).orElseThrow());
      assertEquals(2, parts.revisions(serial(i), "quality").size());
      assertEquals(Optional.of(DataRole.TRAIN), parts.role(serial(i)));
    }

    static void assertGone(DiskPartStore parts, int i) {
      assertEquals(Optional.empty(), parts.part(serial(i)));
      assertEquals(Optional.empty(), parts.part(i));
      assertEquals(Optional.empty(), parts.header(i));
      assertEquals(List.of(), parts.revisions(serial(i), "quality"));
      assertEquals(Optional.empty(), parts.role(serial(i)));
    }
  }
}
