// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskPartStoreTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  @TempDir Path folder;
  private StoreSettings settings;
  private DiskStorage storage;
  private DiskPartStore parts;

  @BeforeEach
  void open() {
    settings = StoreSettings.in(folder);
    start();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private void start() {
    storage = new DiskStorage(settings);
    parts = new DiskPartStore(storage);
  }

  private void restart() {
    storage.close();
    start();
  }

  private void bounded(long bytes, Duration age) {
    settings = new StoreSettings(folder, 4096, bytes, age, Duration.ofSeconds(1));
    restart();
  }

  static PartData part(long ordinal, int signals, int samples) {
    Instant begin = NOON.plusSeconds(60 * ordinal);
    Map<String, Series> series = new HashMap<>();
    for (int s = 0; s < signals; s++) {
      long[] times = new long[samples];
      double[] values = new double[samples];
      for (int i = 0; i < samples; i++) {
        times[i] = (begin.getEpochSecond() + i) * 1_000_000_000L;
        values[i] = i % 7 == 3 ? Double.NaN : ordinal + s * 0.1 + i * 0.01;
      }
      series.put("signal" + s, new Series(times, values));
    }
    Part part = new Part("P" + ordinal, ordinal, begin, begin.plusSeconds(60));
    return new PartData(part, series, ordinal % 2 == 1);
  }

  private static LabelReport report(String serial, String value, Instant time) {
    return new LabelReport(serial, "quality", value, "lab", time, null);
  }

  private static void assertSame(PartData expected, PartData found) {
    assertEquals(expected.part(), found.part());
    assertEquals(expected.interrupted(), found.interrupted());
    assertEquals(expected.series().keySet(), found.series().keySet());
    expected
        .series()
        .forEach(
            (name, series) -> {
              assertArrayEquals(series.times(), found.series().get(name).times());
              assertArrayEquals(series.values(), found.series().get(name).values());
            });
  }

  @Test
  void imagesComeBackByteByByteAndAPartWithoutThemHasTheBytesItAlwaysHad() {
    PartData plain = part(0, 2, 3);
    EncodedImage image = new EncodedImage(new byte[] {1, 0, -1, 7});
    EncodedImage large = new EncodedImage(new byte[100_000]);
    PartData pictured =
        new PartData(plain.part(), plain.series(), false, Map.of("camera", image, "other", large));
    byte[] without = PartCodec.write(plain);
    byte[] with = PartCodec.write(pictured);
    assertArrayEquals(without, Arrays.copyOf(with, without.length));
    assertEquals(Map.of(), PartCodec.read(0, without).images());
    byte[] padded = Arrays.copyOf(without, without.length + 1000);
    assertEquals(Map.of(), PartCodec.read(0, padded).images(), "zeros behind a redacted record");
    List<Sample> batch =
        List.of(
            new Sample("serial", new SampleValue.Text("P0"), 0, NOON),
            new Sample("camera", new SampleValue.Image(large), 0, NOON));
    long sequence = parts.append("folder", batch);
    parts.add(pictured);
    restart();
    assertEquals(pictured.images(), parts.part("P0").orElseThrow().images());
    assertSame(pictured, parts.part("P0").orElseThrow());
    parts.replay(
        (at, source, samples) -> {
          assertEquals(sequence, at);
          assertEquals(batch, samples);
        });
  }

  @Test
  void partsComeBackUnchangedByOrdinalAndSerialAcrossARestart() {
    parts.add(part(0, 17, 60));
    parts.add(part(1, 2, 0));
    restart();
    parts.add(part(2, 1, 1));
    assertEquals(3, parts.nextOrdinal());
    assertSame(part(0, 17, 60), parts.part(0).orElseThrow());
    assertSame(part(1, 2, 0), parts.part("P1").orElseThrow());
    assertSame(part(2, 1, 1), parts.part(2).orElseThrow());
    assertEquals(part(2, 1, 1).part(), parts.header(2).orElseThrow());
    assertEquals(Optional.empty(), parts.part(3));
    assertEquals(Optional.empty(), parts.part("P3"));
  }

  @Test
  void ofTwoPartsWithOneSerialTheNewestIsFoundByName() {
    parts.add(part(0, 1, 3));
    Part again = new Part("P0", 1, NOON.plusSeconds(600), NOON.plusSeconds(660));
    parts.add(new PartData(again, Map.of(), false));
    restart();
    assertEquals(again, parts.part("P0").orElseThrow().part());
    assertSame(part(0, 1, 3), parts.part(0).orElseThrow());
  }

  @Test
  void aWrongOrdinalIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> parts.add(part(1, 1, 1)));
    assertEquals(0, parts.nextOrdinal());
  }

  @Test
  void samplesOfEveryKindAreReplayedAsTheyCame() {
    List<Sample> all =
        List.of(
            new Sample("serial", new SampleValue.Text("Teil ä"), 0, NOON),
            new Sample("torque", new SampleValue.Number(40.25), 0, NOON.plusNanos(1_500)),
            new Sample("torque", new SampleValue.Number(-0.0), 0x80AB0000, NOON.minusSeconds(5)),
            new Sample("door", new SampleValue.Bool(true), 0, Instant.EPOCH),
            new Sample(
                "door", new SampleValue.Bool(false), 0, Instant.parse("1601-01-01T00:00:00Z")),
            new Sample("door", null, 0x80310000, NOON),
            new Sample("image", new SampleValue.Blob(Digest.of(new byte[] {1})), 0, NOON));
    long first = parts.append("press", all);
    Sample array = new Sample("force", new SampleValue.Array(new double[] {1, 2.5}), 0, NOON);
    long second = parts.append("saw", List.of(array));
    restart();
    List<String> seen = new ArrayList<>();
    parts.replay(
        (sequence, source, samples) -> {
          seen.add(sequence + source);
          if (sequence == first) {
            assertEquals(all, samples);
          } else {
            SampleValue.Array value = (SampleValue.Array) samples.get(0).value();
            assertArrayEquals(new double[] {1, 2.5}, value.values());
          }
        });
    assertEquals(List.of(first + "press", second + "saw"), seen);
  }

  @Test
  void releasedSamplesAreNotReplayedEvenWhenTheirFileIsStillThere() {
    Sample sample = new Sample("torque", new SampleValue.Number(1), 0, NOON);
    parts.append("press", List.of(sample));
    long kept = parts.append("press", List.of(sample));
    parts.release(kept);
    parts.release(1);
    List<Long> seen = new ArrayList<>();
    parts.replay((sequence, source, samples) -> seen.add(sequence));
    assertEquals(List.of(kept), seen);
    restart();
    seen.clear();
    parts.replay((sequence, source, samples) -> seen.add(sequence));
    assertEquals(List.of(kept), seen);
  }

  @Test
  void releasingKeepsTheOpenLogSmall() {
    bounded(0, Duration.ZERO);
    Sample sample = new Sample("torque", new SampleValue.Number(1), 0, NOON);
    for (int i = 0; i < 2000; i++) {
      parts.release(parts.append("press", List.of(sample)));
    }
    assertTrue(parts.bytes() < 20_000, parts.bytes() + " bytes");
  }

  @Test
  void anEqualLabelIsNoNewRevisionAndANewOneKeepsTheOld() {
    Label first = parts.label(report("P0", "good", NOON)).orElseThrow();
    assertEquals(new Label("P0", "quality", "good", "lab", NOON, 1), first);
    assertEquals(first, parts.label(report("P0", "good", NOON)).orElseThrow());
    restart();
    assertEquals(first, parts.label(report("P0", "good", NOON)).orElseThrow());
    Label second = parts.label(report("P0", "scrap", NOON.plusSeconds(1))).orElseThrow();
    assertEquals(2, second.revision());
    restart();
    assertEquals(List.of(first, second), parts.revisions("P0", "quality"));
    assertEquals(Optional.of(second), parts.newest("P0", "quality"));
    assertEquals(Optional.empty(), parts.newest("P0", "colour"));
    assertEquals(List.of(), parts.revisions("P9", "quality"));
  }

  @Test
  void aRoleIsDecidedOnceForEver() {
    assertEquals(Optional.empty(), parts.role("P0"));
    assertEquals(DataRole.TEST, parts.decide("P0", DataRole.TEST));
    restart();
    assertEquals(DataRole.TEST, parts.decide("P0", DataRole.TRAIN));
    assertEquals(Optional.of(DataRole.TEST), parts.role("P0"));
  }

  @Test
  void theBoundOfBytesRemovesTheOldestPartsWithTheirLabelsAndKeepsTheNewest() {
    bounded(40_000, Duration.ZERO);
    for (int i = 0; i < 200; i++) {
      parts.add(part(i, 3, 60));
      parts.label(report("P" + i, "good", NOON.plusSeconds(60L * i + 61)));
      parts.decide("P" + i, DataRole.TRAIN);
    }
    long first = parts.firstOrdinal();
    assertTrue(first > 0);
    assertEquals(first, parts.evicted());
    assertTrue(parts.bytes() < 60_000, parts.bytes() + " bytes");
    restart();
    assertEquals(first, parts.firstOrdinal());
    assertEquals(200, parts.nextOrdinal());
    assertEquals(Optional.empty(), parts.part(first - 1));
    assertSame(part(199, 3, 60), parts.part("P199").orElseThrow());
    assertSame(part(first, 3, 60), parts.part(first).orElseThrow());
    for (long i = first; i < 200; i++) {
      assertEquals(1, parts.newest("P" + i, "quality").orElseThrow().revision());
      assertEquals(Optional.of(DataRole.TRAIN), parts.role("P" + i));
    }
  }

  @Test
  void theBoundOfAgeCountsSourceTime() {
    bounded(0, Duration.ofMinutes(30));
    for (int i = 0; i < 200; i++) {
      parts.add(part(i, 3, 60));
    }
    Instant newest = parts.header(199).orElseThrow().end();
    assertTrue(parts.evicted() > 150);
    assertTrue(parts.header(200 - 30).isPresent());
    Instant oldest = parts.header(parts.firstOrdinal()).orElseThrow().end();
    assertTrue(oldest.isAfter(newest.minus(Duration.ofMinutes(45))), oldest.toString());
  }

  @Test
  void aLabelThatWaitsForItsPartOutlivesEviction() {
    bounded(40_000, Duration.ZERO);
    parts.label(report("P300", "good", NOON.plusSeconds(60 * 301)));
    for (int i = 0; i < 200; i++) {
      parts.add(part(i, 3, 60));
      parts.label(report("P" + i, "good", NOON.plusSeconds(60L * i + 61)));
    }
    restart();
    assertTrue(parts.newest("P300", "quality").isPresent());
  }
}
