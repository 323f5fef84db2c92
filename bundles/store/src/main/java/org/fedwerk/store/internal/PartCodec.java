// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;

/**
 * A closed part as bytes: serial, begin, end, interrupted; then per signal its name, the times as
 * differences of differences (one byte each for an even rate), and the values as float32 where all
 * of a series fit that without loss, else as float64. Images with the names of their signals follow
 * where a part has any, so that one without has the bytes it always had.
 */
final class PartCodec {
  private static final int WIDE = 0;
  private static final int NARROW = 1;

  private PartCodec() {}

  static byte[] write(PartData data) {
    int samples = data.series().values().stream().mapToInt(s -> s.values().length).sum();
    RecordWriter out = new RecordWriter(64 + 24 * data.series().size() + 10 * samples);
    Part part = data.part();
    out.text(part.serial()).time(part.begin()).time(part.end()).u8(data.interrupted() ? 1 : 0);
    out.varint(data.series().size());
    for (Map.Entry<String, Series> signal : new TreeMap<>(data.series()).entrySet()) {
      out.text(signal.getKey());
      writeSeries(out, signal.getValue());
    }
    if (!data.images().isEmpty()) {
      out.varint(data.images().size());
      new TreeMap<>(data.images())
          .forEach((signal, image) -> out.text(signal).bytes(image.bytes()));
    }
    return out.toBytes();
  }

  static PartData read(long ordinal, byte[] body) {
    RecordReader in = new RecordReader(body);
    Part part = readHeader(ordinal, in);
    boolean interrupted = in.u8() != 0;
    int signals = in.size();
    Map<String, Series> series = new HashMap<>();
    for (int i = 0; i < signals; i++) {
      String name = in.text();
      series.put(name, readSeries(in));
    }
    return new PartData(part, series, interrupted, readImages(in));
  }

  /** None in older records, nor in what zeros behind a redacted one say. */
  private static Map<String, EncodedImage> readImages(RecordReader in) {
    Map<String, EncodedImage> images = new HashMap<>();
    int count = in.more() ? in.size() : 0;
    for (int i = 0; i < count; i++) {
      String name = in.text();
      images.put(name, new EncodedImage(in.bytes()));
    }
    return images;
  }

  static Part header(long ordinal, byte[] body) {
    return readHeader(ordinal, new RecordReader(body));
  }

  /** What zeros in the place of a part read as; a real serial is not empty. */
  static Part deleted(long ordinal) {
    return new Part("", ordinal, Instant.EPOCH, Instant.EPOCH);
  }

  private static Part readHeader(long ordinal, RecordReader in) {
    return new Part(in.text(), ordinal, in.time(), in.time());
  }

  private static void writeSeries(RecordWriter out, Series series) {
    boolean narrow = true;
    for (double value : series.values()) {
      narrow &= Double.doubleToLongBits((float) value) == Double.doubleToLongBits(value);
    }
    out.varint(series.values().length).u8(narrow ? NARROW : WIDE);
    long time = 0;
    long step = 0;
    for (long next : series.times()) {
      out.signed(next - time - step);
      step = next - time;
      time = next;
    }
    for (double value : series.values()) {
      if (narrow) {
        out.f32((float) value);
      } else {
        out.f64(value);
      }
    }
  }

  private static Series readSeries(RecordReader in) {
    int size = in.size();
    boolean narrow = in.u8() == NARROW;
    long[] times = new long[size];
    long time = 0;
    long step = 0;
    for (int i = 0; i < size; i++) {
      step += in.signed();
      time += step;
      times[i] = time;
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = narrow ? in.f32() : in.f64();
    }
    return new Series(times, values);
  }
}
