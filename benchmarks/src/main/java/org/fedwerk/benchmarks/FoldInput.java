// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.RangeFold;
import org.fedwerk.coordinator.internal.replies.UpdateReader;

/**
 * A round as the coordinator has it when a phase closes, with the chunks of all updates in memory.
 */
final class FoldInput {
  private final Round round;
  private final List<Section> updates = new ArrayList<>();
  private final Map<Digest, byte[]> chunks = new HashMap<>();
  private final List<byte[]> copies = new ArrayList<>();
  private final RangeFold fold;
  private final float[] base;
  private final float[] expected;
  private final float[] parameters;

  /**
   * Makes it.
   *
   * @param rangeElements elements per range
   */
  FoldInput(Round round, int rangeElements) {
    this.round = round;
    fold = new RangeFold(new FedAvg(), this::bytes, reader(round.elements(), rangeElements));
    base = new float[round.elements()];
    expected = new float[round.elements()];
    parameters = new float[round.elements()];
    for (int i = 0; i < base.length; i++) {
      base[i] = round.base(i);
      expected[i] = round.expected(i);
    }
    for (int site = 0; site < round.sites(); site++) {
      updates.add(update(site, rangeElements));
    }
    updates.get(0).chunks().forEach(chunk -> copies.add(new byte[chunk.bytes()]));
  }

  private static UpdateReader reader(int elements, int rangeElements) {
    LayoutEntry all = new LayoutEntry("all", new int[] {elements}, 0, ParameterRole.SHARED);
    return new UpdateReader(
        new RangeCodecs().updates(CompressionSpec.NONE, new Layout(List.of(all)), rangeElements),
        rangeElements);
  }

  private Section update(int site, int rangeElements) {
    List<Chunk> ranges = new ArrayList<>();
    for (int from = 0; from < round.elements(); from += rangeElements) {
      float[] values = new float[Math.min(rangeElements, round.elements() - from)];
      for (int i = 0; i < values.length; i++) {
        values[i] = round.update(site, from + i);
      }
      byte[] bytes = Float32.encode(values, 0, values.length);
      Digest digest = Digest.of(bytes);
      chunks.put(digest, bytes);
      ranges.add(new Chunk(from, values.length, bytes.length, digest));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, ranges);
  }

  private byte[] bytes(Digest digest) {
    return Objects.requireNonNull(chunks.get(digest));
  }

  /** The base again, as before a fold. */
  void reset() {
    System.arraycopy(base, 0, parameters, 0, base.length);
  }

  /** Folds all updates into the base. */
  void fold() {
    fold.fold(parameters, updates, round.weights());
  }

  /** Copies the chunks of all updates, each site's over the one's before. */
  void copy() {
    for (Section update : updates) {
      for (int range = 0; range < copies.size(); range++) {
        byte[] bytes = bytes(update.chunks().get(range).digest());
        System.arraycopy(bytes, 0, copies.get(range), 0, bytes.length);
      }
    }
  }

  float[] parameters() {
    return parameters;
  }

  /**
   * Compares with the plain sum.
   *
   * @throws IllegalStateException if a bit differs
   */
  void check() {
    for (int i = 0; i < parameters.length; i++) {
      if (Float.floatToRawIntBits(parameters[i]) != Float.floatToRawIntBits(expected[i])) {
        throw new IllegalStateException(
            "the fold made "
                + parameters[i]
                + " of element "
                + i
                + ", a plain sum makes "
                + expected[i]);
      }
    }
  }
}
