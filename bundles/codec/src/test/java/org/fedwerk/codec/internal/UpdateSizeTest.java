// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;
import org.fedwerk.api.task.CompressionSpec;
import org.junit.jupiter.api.Test;

class UpdateSizeTest {
  private static final RangeCodecs CODECS = new RangeCodecs();
  private static final int RANGE = 24_000;
  private static final int ELEMENTS = 67_652;

  private static long coded(Sparsity sparsity, double share, Precision precision) {
    Coding coding = new Coding(sparsity, share, precision, Packing.NONE);
    CompressionSpec spec = new CompressionSpec(Coding.NONE, 0, Optional.of(coding));
    return CODECS.payload(CODECS.models(spec, ELEMENTS, RANGE));
  }

  private static long plain(int elements) {
    return CODECS.payload(CODECS.models(CompressionSpec.NONE, elements, RANGE));
  }

  @Test
  void aPlainVectorIsFourBytesAnElementHoweverManyRangesThereAre() {
    assertEquals(4L * ELEMENTS, plain(ELEMENTS));
    assertEquals(4L * 48_000, plain(48_000));
    assertEquals(4, plain(1));
  }

  @Test
  void aCodedOneIsAsLargeAsItsCodeMakesIt() {
    long half = coded(Sparsity.NONE, 1, Precision.FLOAT16);
    assertEquals(2.0, (double) half / ELEMENTS, 0.01);
    long few = coded(Sparsity.TOP_K, 0.01, Precision.INT8);
    assertTrue(few < ELEMENTS / 10, few + " bytes");
    assertTrue(few > ELEMENTS / 100, few + " bytes");
  }

  /**
   * A matrix of 300 x 200 and its 300 biases: factors of two columns, and the rest value by value.
   */
  @Test
  void ofLowRankItIsThatOfTheFactorsAndOfWhatHasNone() {
    Layout layout =
        new Layout(
            List.of(
                new LayoutEntry("dense1.weight", new int[] {300, 200}, 0, ParameterRole.SHARED),
                new LayoutEntry("dense1.bias", new int[] {300}, 60_000, ParameterRole.SHARED)));
    Coding coding = new Coding(Sparsity.LOW_RANK, 1, Precision.FLOAT32, Packing.NONE, 2);
    long bytes =
        CODECS.payload(
            CODECS.updates(new CompressionSpec(coding, 0, Optional.empty()), layout, RANGE));
    assertEquals(2 + 4 * 2 * (300 + 200) + 1 + 4 * 300, bytes);
  }

  /** As factors too large to be multiplied for that, an entry is not made whole. */
  @Test
  void ofLowRankALargeEntryTakesNoMoreMemoryThanItsFactors() {
    Layout layout =
        new Layout(
            List.of(
                new LayoutEntry(
                    "dense1.weight", new int[] {12_000, 12_000}, 0, ParameterRole.SHARED)));
    Coding coding = new Coding(Sparsity.LOW_RANK, 1, Precision.FLOAT16, Packing.NONE, 1);
    long bytes =
        CODECS.payload(
            CODECS.updates(new CompressionSpec(coding, 0, Optional.empty()), layout, RANGE));
    assertEquals(2 + 2 * 24_000, bytes);
  }
}
