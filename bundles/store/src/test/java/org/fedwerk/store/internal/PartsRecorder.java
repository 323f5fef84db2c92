// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;

/**
 * Records a store with samples of every kind, parts, labels and roles as today's program writes it,
 * for {@link OlderPartsTest} of programs to come.
 */
final class PartsRecorder {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private PartsRecorder() {}

  /** Writes {@code store.zip} and {@code facts.txt} into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Path store = folder.resolve("store");
    try (DiskStorage storage = new DiskStorage(StoreSettings.in(store))) {
      DiskPartStore parts = new DiskPartStore(storage);
      fill(parts);
      Files.write(folder.resolve("facts.txt"), facts(parts));
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("store.zip"));
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.getFileName().toString().equals("lock")) {
          zip.putNextEntry(new ZipEntry(store.relativize(file).toString()));
          Files.copy(file, zip);
        }
      }
    }
  }

  private static void fill(DiskPartStore parts) {
    long released =
        parts.append("machine", List.of(sample("force", new SampleValue.Number(1.5), 0)));
    for (int i = 0; i < 3; i++) {
      Instant begin = NOON.plusSeconds(60 * i);
      long[] times = {
        begin.getEpochSecond() * 1_000_000_000L, begin.getEpochSecond() * 1_000_000_000L + 7
      };
      Map<String, Series> series =
          Map.of(
              "force", new Series(times, new double[] {i, Double.NaN}),
              "way", new Series(times, new double[] {0.1 + i, -1e300}));
      Part part = new Part("P" + i, i, begin, begin.plusSeconds(30));
      parts.add(new PartData(part, series, i == 1));
    }
    parts.release(released + 1);
    parts.append(
        "machine",
        List.of(
            sample("force", new SampleValue.Number(-0.25), 0),
            sample("serial", new SampleValue.Text("P3 \u00fc"), 0),
            sample("door", new SampleValue.Bool(true), 0x40000000),
            sample("spectrum", new SampleValue.Array(new double[] {1, 2.5}), 0),
            sample(
                "image", new SampleValue.Blob(Digest.of("x".getBytes(StandardCharsets.UTF_8))), 0),
            sample("lost", null, 0x80000000)));
    label(parts, "P0", "ok", 1);
    label(parts, "P0", "failure", 2);
    label(parts, "P1", "ok", 3);
    label(parts, "P9", "ok", 4);
    parts.decide("P0", DataRole.TRAIN);
    parts.decide("P1", DataRole.TEST);
  }

  private static Sample sample(String signal, SampleValue value, int status) {
    return new Sample(signal, value, status, NOON.plusSeconds(200));
  }

  private static void label(DiskPartStore parts, String serial, String value, int minutes) {
    parts.label(
        new LabelReport(
            serial, "quality", value, "lab", NOON.plusSeconds(600 + 60L * minutes), null));
  }

  /** All that the store knows, a line each. */
  static List<String> facts(DiskPartStore parts) {
    List<String> facts = new ArrayList<>();
    facts.add("ordinals " + parts.firstOrdinal() + " to " + parts.nextOrdinal());
    for (long i = parts.firstOrdinal(); i < parts.nextOrdinal(); i++) {
      PartData part = parts.part(i).orElseThrow();
      facts.add(part.part() + (part.interrupted() ? " interrupted" : ""));
      new TreeMap<>(part.series())
          .forEach(
              (name, series) ->
                  facts.add(
                      name
                          + " "
                          + Arrays.toString(series.times())
                          + " "
                          + Arrays.toString(series.values())));
    }
    parts.replay(
        (sequence, source, samples) ->
            samples.forEach(
                each ->
                    facts.add(
                        "sample "
                            + sequence
                            + " "
                            + source
                            + " "
                            + each.signal()
                            + " "
                            + value(each)
                            + " "
                            + each.status()
                            + " "
                            + each.sourceTime())));
    for (String serial : List.of("P0", "P1", "P2", "P9")) {
      facts.add("labels of " + serial + " " + parts.revisions(serial, "quality"));
      facts.add("role of " + serial + " " + parts.role(serial));
    }
    return facts;
  }

  private static String value(Sample sample) {
    return sample.value() instanceof SampleValue.Array array
        ? Arrays.toString(array.values())
        : String.valueOf(sample.value());
  }
}
