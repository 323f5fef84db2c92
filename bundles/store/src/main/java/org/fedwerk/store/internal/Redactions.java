// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.jspecify.annotations.Nullable;

/** What stays of the records of samples and parts when parts are deleted. */
final class Redactions {
  private final Tombstones tombstones;
  private final Spans spans;

  /**
   * For the parts that tombstones name.
   *
   * @param spans their times
   */
  Redactions(Tombstones tombstones, Spans spans) {
    this.tombstones = tombstones;
    this.spans = spans;
  }

  boolean isGone(Part part) {
    return !part.serial().isEmpty() && tombstones.hasPart(part.serial(), part.begin());
  }

  /**
   * Of a batch of samples.
   *
   * @param isReleased true if they are in their parts, or belong to none, so that nothing is needed
   * @param type of a batch's record
   */
  byte @Nullable [] batch(boolean isReleased, int type, byte[] body) {
    RecordReader in = new RecordReader(body);
    if (in.u8() != type) {
      return null;
    }
    if (isReleased) {
      return new byte[0];
    }
    SampleCodec.Batch batch = SampleCodec.read(in);
    if (batch.samples().stream().noneMatch(sample -> spans.holds(sample.sourceTime()))) {
      return null;
    }
    RecordWriter out = new RecordWriter(body.length).u8(type);
    SampleCodec.write(out, batch, sample -> !spans.holds(sample.sourceTime()));
    return out.toBytes();
  }

  /** Of a part that stays: the values it carried over from a deleted one become missing. */
  byte @Nullable [] carried(long ordinal, byte[] body) {
    Part part = PartCodec.header(ordinal, body);
    if (part.serial().isEmpty() || isGone(part)) {
      return null;
    }
    PartData data = PartCodec.read(ordinal, body);
    Map<String, Series> series = new HashMap<>(data.series());
    boolean changed = false;
    for (Map.Entry<String, Series> each : data.series().entrySet()) {
      long[] times = each.getValue().times();
      double[] values = each.getValue().values().clone();
      boolean here = false;
      for (int i = 0; i < times.length && instant(times[i]).isBefore(part.begin()); i++) {
        if (!Double.isNaN(values[i]) && spans.holds(instant(times[i]))) {
          values[i] = Double.NaN;
          here = true;
        }
      }
      if (here) {
        series.put(each.getKey(), new Series(times, values));
        changed = true;
      }
    }
    return changed
        ? PartCodec.write(new PartData(part, series, data.interrupted(), data.images()))
        : null;
  }

  /** Of a part that goes. */
  byte @Nullable [] part(long ordinal, byte[] body) {
    return isGone(PartCodec.header(ordinal, body)) ? new byte[0] : null;
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
