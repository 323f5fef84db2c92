// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;
import org.fedwerk.codec.internal.RangeCodecs;
import org.junit.jupiter.api.Test;

class UpdateSizeTest {
  private static final int ELEMENTS = 67_652;

  private static long coded(Sparsity sparsity, double share, Precision precision) {
    Coding coding = new Coding(sparsity, share, precision, Packing.NONE);
    return UpdateSize.of(new RangeCodecs().coded(coding), ELEMENTS);
  }

  @Test
  void aPlainVectorIsFourBytesAnElementHoweverManyRangesThereAre() {
    RangeCodecs codecs = new RangeCodecs();
    assertEquals(4L * ELEMENTS, UpdateSize.of(codecs.plain(), ELEMENTS));
    assertEquals(4L * 48_000, UpdateSize.of(codecs.plain(), 48_000));
    assertEquals(4, UpdateSize.of(codecs.plain(), 1));
  }

  @Test
  void aCodedOneIsAsLargeAsItsCodeMakesIt() {
    long half = coded(Sparsity.NONE, 1, Precision.FLOAT16);
    assertEquals(2.0, (double) half / ELEMENTS, 0.01);
    long few = coded(Sparsity.TOP_K, 0.01, Precision.INT8);
    assertTrue(few < ELEMENTS / 10, few + " bytes");
    assertTrue(few > ELEMENTS / 100, few + " bytes");
  }
}
