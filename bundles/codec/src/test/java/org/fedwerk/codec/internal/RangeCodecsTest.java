// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;
import org.junit.jupiter.api.Test;

class RangeCodecsTest {
  private static Coding spec(
      Sparsity sparsity, double share, Precision precision, Packing packing) {
    return new Coding(sparsity, share, precision, packing);
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.01f;
    }
    return values;
  }

  private static float[] through(Coding spec, float[] values, long seed) {
    RangeCodec codec = new RangeCodecs().coded(spec);
    float[] decoded = new float[values.length];
    codec.decode(codec.encode(values, seed, seed), decoded);
    return decoded;
  }

  /** Design, algorithms, section Compression: 25.03 % and 14.06 % of float32. */
  @Test
  void integersTakeTheShareOfFloat32ThatTheDesignNames() {
    float[] values = gaussian(24_000, 1);
    double int8 = bytes(spec(Sparsity.NONE, 1, Precision.INT8, Packing.NONE), values) / 96_000.0;
    double int4 = bytes(spec(Sparsity.NONE, 1, Precision.INT4, Packing.NONE), values) / 96_000.0;
    assertEquals(0.2503, int8, 2e-4);
    assertEquals(0.1406, int4, 1e-4);
    assertEquals(
        0.5, bytes(spec(Sparsity.NONE, 1, Precision.FLOAT16, Packing.NONE), values) / 96e3, 1e-4);
  }

  private static int bytes(Coding spec, float[] values) {
    return new RangeCodecs().coded(spec).encode(values, 1, 1).length;
  }

  @Test
  void whatIsReadBackIsWithinAStepOfEachPrecision() {
    float[] values = gaussian(1000, 2);
    float most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    float[] steps = {0, most / 2048, most / 127 * 1.001f, most / 7 * 1.001f};
    for (Precision precision : Precision.values()) {
      for (Packing packing : Packing.values()) {
        float[] back = through(spec(Sparsity.NONE, 1, precision, packing), values, 3);
        for (int i = 0; i < values.length; i++) {
          assertEquals(values[i], back[i], steps[precision.ordinal()], precision + " " + i);
        }
      }
    }
  }

  @Test
  void roundingByChanceHasNoBias() {
    float[] values = gaussian(256, 4);
    for (Precision precision : new Precision[] {Precision.INT8, Precision.INT4}) {
      double[] sums = new double[values.length];
      int times = 4000;
      for (int t = 0; t < times; t++) {
        float[] back = through(spec(Sparsity.NONE, 1, precision, Packing.NONE), values, t);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += back[i];
        }
      }
      double step = 0.04 / (precision == Precision.INT8 ? 127 : 7);
      for (int i = 0; i < sums.length; i++) {
        assertEquals(values[i], sums[i] / times, 5 * step / 2 / Math.sqrt(times), precision + "");
      }
    }
  }

  @Test
  void aMaskHasNoBiasAndIsTheSameAtEverySite() {
    float[] values = gaussian(50, 5);
    Coding spec = spec(Sparsity.MASK, 0.2, Precision.FLOAT32, Packing.NONE);
    double[] sums = new double[values.length];
    int times = 20_000;
    for (int t = 0; t < times; t++) {
      float[] back = through(spec, values, t);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += back[i];
      }
    }
    for (int i = 0; i < sums.length; i++) {
      assertEquals(
          values[i], sums[i] / times, 5 * 2 * Math.abs(values[i]) / Math.sqrt(times) + 1e-9);
    }
    float[] other = through(spec, gaussian(50, 6), 9);
    float[] one = through(spec, values, 9);
    for (int i = 0; i < one.length; i++) {
      assertEquals(one[i] == 0, other[i] == 0, "element " + i);
    }
  }

  /** Design, algorithms, section Compression: sent + residual = input, exactly. */
  @Test
  void theLargestAreSentAsTheyAreAndTheRestIsLeft() {
    float[] values = gaussian(1000, 7);
    float[] sent = through(spec(Sparsity.TOP_K, 0.05, Precision.FLOAT32, Packing.NONE), values, 1);
    int kept = 0;
    float least = Float.MAX_VALUE;
    float most = 0;
    for (int i = 0; i < values.length; i++) {
      float residual = values[i] - sent[i];
      assertEquals(values[i], sent[i] + residual);
      if (sent[i] != 0) {
        kept++;
        least = Math.min(least, Math.abs(values[i]));
      } else {
        most = Math.max(most, Math.abs(values[i]));
      }
    }
    assertEquals(50, kept);
    assertTrue(least >= most, least + " and " + most);
  }

  @Test
  void halvesAreThoseOfIeee754() {
    float[] exact = {0, 1, -2, 65504, 0x1.0p-14f, 0x1.0p-24f, 0.333251953125f, -0x1.8p-15f};
    for (float value : exact) {
      assertEquals(value, Half.value(Half.of(value)), 0);
    }
    assertEquals((short) 0x3c00, Half.of(1));
    assertEquals((short) 0x3555, Half.of(1 / 3f));
    assertEquals((short) 0x7bff, Half.of(1e9f));
    assertEquals((short) 0x0001, Half.of(5e-8f));
    assertEquals((short) 0x0000, Half.of(1e-9f));
    assertEquals((short) 0x3c00, Half.of(1 + 0x1.0p-11f), "a tie goes to the even one");
    assertEquals((short) 0x3c02, Half.of(1 + 0x1.8p-10f), "up, here");
  }

  @Test
  void noChangeIsOneByte() {
    for (Sparsity sparsity : Sparsity.values()) {
      Coding spec = spec(sparsity, 0.5, Precision.INT8, Packing.DEFLATE);
      assertEquals(1, bytes(spec, new float[300]));
      assertArrayEquals(new float[300], through(spec, new float[300], 1));
    }
  }

  @Test
  void damagedBytesAreRefusedAndNeverRunAway() {
    Random random = new Random(8);
    for (Sparsity sparsity : Sparsity.values()) {
      for (Precision precision : Precision.values()) {
        for (Packing packing : Packing.values()) {
          Coding spec = spec(sparsity, 0.3, precision, packing);
          RangeCodec codec = new RangeCodecs().coded(spec);
          byte[] sound = codec.encode(gaussian(200, 9), 1, 1);
          byte[] cut = Arrays.copyOf(sound, sound.length - 2);
          assertThrows(IllegalArgumentException.class, () -> codec.decode(cut, new float[200]));
          for (int trial = 0; trial < 200; trial++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            try {
              codec.decode(damaged, new float[200]);
            } catch (IllegalArgumentException refused) {
              assertTrue(refused.getMessage().contains("cannot be decoded"));
            }
          }
        }
      }
    }
  }

  @Test
  void bytesThatUnpackToMoreThanTheRangeAreRefusedBeforeMemoryIsTakenForThem() {
    float[] values = new float[24_000];
    Arrays.fill(values, 1);
    for (Packing packing : new Packing[] {Packing.DEFLATE, Packing.ZSTD}) {
      RangeCodec codec =
          new RangeCodecs().coded(spec(Sparsity.NONE, 1, Precision.FLOAT32, packing));
      byte[] bytes = codec.encode(values, 1, 1);
      assertTrue(bytes.length < 1000, packing + " takes " + bytes.length);
      String refused =
          assertThrows(IllegalArgumentException.class, () -> codec.decode(bytes, new float[8]))
              .getMessage();
      assertTrue(refused.contains("unpacks to more than a range can be"), refused);
      float[] whole = new float[values.length];
      codec.decode(bytes, whole);
      assertArrayEquals(values, whole);
    }
  }

  /** A frame of RFC 8878 that says 4 GiB, and one that says nothing. */
  @Test
  void aZstandardFrameIsTakenAtItsWordOnlyUpToTheRange() {
    RangeCodec codec =
        new RangeCodecs().coded(spec(Sparsity.NONE, 1, Precision.INT8, Packing.ZSTD));
    byte[] magic = {1, 0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    byte[] large = Arrays.copyOf(magic, 16);
    large[5] = (byte) 0xe0;
    large[10] = 1;
    byte[] silent = Arrays.copyOf(magic, 10);
    silent[6] = 0x58;
    for (byte[] each : new byte[][] {large, silent}) {
      assertThrows(IllegalArgumentException.class, () -> codec.decode(each, new float[100]));
    }
  }

  @Test
  void ofTheLargestThoseThatAreZeroAreLeftOut() {
    float[] values = new float[1000];
    values[3] = 1;
    values[700] = -2;
    Coding coding = spec(Sparsity.TOP_K, 0.5, Precision.FLOAT32, Packing.NONE);
    assertArrayEquals(values, through(coding, values, 1));
    assertEquals(1 + 1 + 1 + 2 + 8, bytes(coding, values));
  }

  @Test
  void whatCanBeSummedIsDeclared() {
    assertTrue(spec(Sparsity.MASK, 0.1, Precision.FLOAT16, Packing.NONE).isSummable());
    assertFalse(spec(Sparsity.TOP_K, 0.1, Precision.FLOAT32, Packing.NONE).isSummable());
    assertFalse(spec(Sparsity.NONE, 1, Precision.INT8, Packing.NONE).isSummable());
    assertFalse(spec(Sparsity.NONE, 1, Precision.FLOAT16, Packing.DEFLATE).isSummable());
    assertEquals("all.i4.zstd", spec(Sparsity.NONE, 1, Precision.INT4, Packing.ZSTD).encoding());
    assertEquals(
        "topk.i8.deflate", spec(Sparsity.TOP_K, 0.1, Precision.INT8, Packing.DEFLATE).encoding());
  }
}
