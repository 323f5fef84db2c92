// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.jspecify.annotations.Nullable;

/**
 * A batch of samples as bytes: source, names of the signals in it, then each sample as index of its
 * name, kind of value with a bit for a status that is not 0, time as difference to the sample
 * before, value. The names stand in every batch, so that any old file can go without a dictionary
 * going with it.
 */
final class SampleCodec {
  private static final int NONE = 0;
  private static final int NUMBER = 1;
  private static final int TEXT = 2;
  private static final int FALSE = 3;
  private static final int TRUE = 4;
  private static final int ARRAY = 5;
  private static final int BLOB = 6;
  private static final int IMAGE = 7;
  private static final int WITH_STATUS = 0x10;

  /**
   * A batch as it was appended.
   *
   * @param names of signals with their indices, in their order
   */
  record Batch(String source, Map<String, Integer> names, List<Sample> samples) {}

  private SampleCodec() {}

  static void write(RecordWriter out, String source, List<Sample> samples) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Sample sample : samples) {
      names.putIfAbsent(sample.signal(), names.size());
    }
    write(out, source, names, samples);
  }

  /** Without some samples; it is not longer than what was read. */
  static void write(RecordWriter out, Batch batch, Predicate<Sample> kept) {
    write(out, batch.source(), batch.names(), batch.samples().stream().filter(kept).toList());
  }

  /** Differences of times are kept as they are, or added up, which takes no more bytes. */
  private static void write(
      RecordWriter out, String source, Map<String, Integer> names, List<Sample> samples) {
    out.text(source).varint(names.size());
    names.keySet().forEach(out::text);
    out.varint(samples.size());
    long second = 0;
    int nano = 0;
    for (Sample sample : samples) {
      Integer index = names.get(sample.signal());
      out.varint(index == null ? 0 : index);
      out.u8(kind(sample.value()) | (sample.status() == 0 ? 0 : WITH_STATUS));
      if (sample.status() != 0) {
        out.varint(sample.status() & 0xFFFFFFFFL);
      }
      Instant time = sample.sourceTime();
      out.signed(time.getEpochSecond() - second).signed((long) time.getNano() - nano);
      second = time.getEpochSecond();
      nano = time.getNano();
      writeValue(out, sample.value());
    }
  }

  static Batch read(RecordReader in) {
    String source = in.text();
    String[] names = new String[in.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = in.text();
    }
    int size = in.size();
    List<Sample> samples = new ArrayList<>(size);
    long second = 0;
    long nano = 0;
    for (int i = 0; i < size; i++) {
      String name = names[in.size()];
      int kind = in.u8();
      int status = (kind & WITH_STATUS) == 0 ? 0 : (int) in.varint();
      second += in.signed();
      nano += in.signed();
      SampleValue value = readValue(in, kind & 0x0F);
      samples.add(new Sample(name, value, status, Instant.ofEpochSecond(second, nano)));
    }
    Map<String, Integer> indices = new LinkedHashMap<>();
    for (String name : names) {
      indices.put(name, indices.size());
    }
    return new Batch(source, indices, samples);
  }

  private static int kind(@Nullable SampleValue value) {
    if (value instanceof SampleValue.Number) {
      return NUMBER;
    } else if (value instanceof SampleValue.Text) {
      return TEXT;
    } else if (value instanceof SampleValue.Bool bool) {
      return bool.value() ? TRUE : FALSE;
    } else if (value instanceof SampleValue.Array) {
      return ARRAY;
    } else if (value instanceof SampleValue.Blob) {
      return BLOB;
    } else if (value instanceof SampleValue.Image) {
      return IMAGE;
    }
    return NONE;
  }

  private static void writeValue(RecordWriter out, @Nullable SampleValue value) {
    if (value instanceof SampleValue.Number number) {
      out.f64(number.value());
    } else if (value instanceof SampleValue.Text text) {
      out.text(text.value());
    } else if (value instanceof SampleValue.Array array) {
      out.varint(array.values().length);
      for (double element : array.values()) {
        out.f64(element);
      }
    } else if (value instanceof SampleValue.Blob blob) {
      out.raw(blob.digest().raw());
    } else if (value instanceof SampleValue.Image picture) {
      out.bytes(picture.image().bytes());
    }
  }

  private static @Nullable SampleValue readValue(RecordReader in, int kind) {
    switch (kind) {
      case NONE:
        return null;
      case NUMBER:
        return new SampleValue.Number(in.f64());
      case TEXT:
        return new SampleValue.Text(in.text());
      case FALSE:
        return new SampleValue.Bool(false);
      case TRUE:
        return new SampleValue.Bool(true);
      case ARRAY:
        double[] values = new double[in.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = in.f64();
        }
        return new SampleValue.Array(values);
      case BLOB:
        return new SampleValue.Blob(Digest.ofRaw(in.raw(32)));
      case IMAGE:
        return new SampleValue.Image(new EncodedImage(in.bytes()));
      default:
        throw new IllegalStateException("a kept sample has the unknown kind " + kind);
    }
  }
}
