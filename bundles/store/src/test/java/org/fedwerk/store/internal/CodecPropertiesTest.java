// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;

class CodecPropertiesTest {
  @Property(tries = 300)
  void everyIntegerComesBack(@ForAll long value) {
    RecordReader in = new RecordReader(new RecordWriter(0).varint(value).signed(value).toBytes());
    assertEquals(value, in.varint());
    assertEquals(value, in.signed());
    assertFalse(in.more());
  }

  @Property(tries = 300)
  void everySeriesComesBackBitByBit(
      @ForAll long[] times, @ForAll double seed, @ForAll boolean narrow, @ForAll String serial) {
    double[] values = new double[times.length];
    for (int i = 0; i < values.length; i++) {
      double value = i % 5 == 1 ? Double.NaN : seed / (i + 1);
      values[i] = narrow ? (float) value : value;
    }
    // lone surrogates are no text
    String name = new String(serial.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    Part part = new Part(name, 7, Instant.MIN, Instant.MAX);
    PartData data = new PartData(part, Map.of("s", new Series(times, values)), true);
    PartData found = PartCodec.read(7, PartCodec.write(data));
    assertEquals(part, found.part());
    assertArrayEquals(times, found.series().get("s").times());
    assertArrayEquals(values, found.series().get("s").values());
  }
}
