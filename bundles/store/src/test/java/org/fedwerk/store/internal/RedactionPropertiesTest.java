// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;

class RedactionPropertiesTest {
  /** Sizes of records; those in the set lose all but some first bytes. */
  @Property(tries = 150)
  void onlyChosenRecordsLoseTheirContentAndPlacesAndSequencesStay(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 1500) Integer> sizes,
      @ForAll @Size(max = 20) Set<@IntRange(min = 1, max = 70) Integer> chosen,
      @ForAll @IntRange(min = 0, max = 40) int rest,
      @ForAll boolean again)
      throws IOException {
    Path folder = Files.createTempDirectory("redaction");
    try {
      Map<Long, byte[]> expected = new HashMap<>();
      List<SegmentJournal.Location> places = new ArrayList<>();
      SegmentJournal journal = new SegmentJournal(folder, 4096, () -> {});
      for (int size : sizes) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) (1 + places.size() % 100));
        SegmentJournal.Location at = journal.appendAt(body);
        places.add(at);
        boolean loses = chosen.contains((int) at.sequence());
        byte[] left = Arrays.copyOf(body, loses ? Math.min(rest, size) : size);
        expected.put(at.sequence(), Arrays.copyOf(left, size));
      }
      long bytes = journal.bytes();
      journal.redact(
          (sequence, body) ->
              chosen.contains((int) sequence)
                  ? Arrays.copyOf(body, Math.min(rest, body.length))
                  : null);
      assertTrue(journal.bytes() - bytes <= SegmentFile.HEADER);
      if (again) {
        journal.close();
        journal = new SegmentJournal(folder, 4096, () -> {});
      }
      Map<Long, byte[]> found = new HashMap<>();
      journal.replay(1, found::put);
      assertEquals(expected.keySet(), found.keySet());
      for (SegmentJournal.Location at : places) {
        assertArrayEquals(expected.get(at.sequence()), found.get(at.sequence()));
        assertArrayEquals(expected.get(at.sequence()), journal.read(at));
      }
      assertEquals(sizes.size() + 1, journal.append(new byte[] {1}));
      journal.close();
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 300)
  void aBatchWithoutSomeSamplesIsNotLongerAndTheRestIsAsItWas(
      @ForAll @Size(max = 30) List<Long> times, @ForAll @Size(30) List<Boolean> kept) {
    List<Sample> all = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      java.time.Instant time =
          java.time.Instant.ofEpochSecond(
              times.get(i) % 10_000_000_000L, Math.floorMod(times.get(i), 1_000_000_000L));
      all.add(new Sample("s" + i % 7, new SampleValue.Number(i), 0, time));
    }
    RecordWriter before = new RecordWriter(16);
    SampleCodec.write(before, "press", all);
    SampleCodec.Batch batch = SampleCodec.read(new RecordReader(before.toBytes()));
    assertEquals(all, batch.samples());
    List<Sample> rest = all.stream().filter(each -> kept.get(all.indexOf(each))).toList();
    RecordWriter after = new RecordWriter(16);
    SampleCodec.write(after, batch, sample -> kept.get(all.indexOf(sample)));
    assertTrue(after.toBytes().length <= before.toBytes().length);
    assertEquals(rest, SampleCodec.read(new RecordReader(after.toBytes())).samples());
  }

  @org.junit.jupiter.api.Test
  void aRecordCannotGrow() throws IOException {
    Path folder = Files.createTempDirectory("redaction");
    try (SegmentJournal journal = new SegmentJournal(folder, 4096, () -> {})) {
      journal.append(new byte[3]);
      assertThrows(
          IllegalArgumentException.class, () -> journal.redact((sequence, body) -> new byte[4]));
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
