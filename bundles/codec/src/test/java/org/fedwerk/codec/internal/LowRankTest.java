// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;
import org.fedwerk.api.task.CompressionSpec;
import org.junit.jupiter.api.Test;

/** Entries as factors of few columns (Vogels et al. 2019, with a subspace iteration per update). */
class LowRankTest {
  private static final int ROWS = 30;
  private static final int COLUMNS = 50;

  private static Coding coding(int rank, Precision precision, Packing packing) {
    return new Coding(Sparsity.LOW_RANK, 1, precision, packing, rank);
  }

  private static CompressionSpec spec(int rank, Precision precision) {
    return new CompressionSpec(coding(rank, precision, Packing.NONE), 0, Optional.empty());
  }

  private static RangeCodec codec(int rows, int columns, int rank, Precision precision) {
    return new LowRankRange(
        new Matrix(rows, columns), coding(rank, precision, Packing.NONE), Packer.of(Packing.NONE));
  }

  /** The sum of as many outer products. */
  private static float[] ofRank(int rank, int rows, int columns, Random random) {
    float[] values = new float[rows * columns];
    for (int r = 0; r < rank; r++) {
      double[] left = random.doubles(rows, -1, 1).toArray();
      double[] right = random.doubles(columns, -1, 1).toArray();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (0.01 * left[i / columns] * right[i % columns]);
      }
    }
    return values;
  }

  private static float[] gaussian(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.01f;
    }
    return values;
  }

  private static float[] through(RangeCodec codec, float[] values, long seed) {
    float[] back = new float[values.length];
    codec.decode(codec.encode(values, seed, seed), back);
    return back;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private static float[] less(float[] a, float[] b) {
    float[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  @Property(tries = 60)
  void aMatrixOfNoHigherRankComesBackUpToFloat32Rounding(
      @ForAll @IntRange(min = 1, max = 4) int rank, @ForAll long seed) {
    float[] values = ofRank(rank, ROWS, COLUMNS, new Random(seed));
    float[] back = through(codec(ROWS, COLUMNS, 4, Precision.FLOAT32), values, seed);
    assertTrue(norm(less(values, back)) <= 1e-6 * norm(values), "rank " + rank);
  }

  @Property(tries = 60)
  void whatIsLeftOutIsNeverLargerThanTheUpdate(
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @IntRange(min = 2, max = 40) int columns,
      @ForAll @IntRange(min = 1, max = 8) int rank,
      @ForAll long seed) {
    float[] values = gaussian(rows * columns, new Random(seed));
    for (Precision precision :
        new Precision[] {Precision.FLOAT32, Precision.FLOAT16, Precision.INT8}) {
      float[] back = through(codec(rows, columns, rank, precision), values, seed);
      double rest = norm(less(values, back));
      assertTrue(rest <= norm(values) * (1 + 1e-5), precision + " leaves " + rest);
    }
  }

  /** Of singular values 8, 4, 2, 1 rank 2 leaves the root of 2^2 + 1^2 (Eckart and Young 1936). */
  @Test
  void theFactorsAreThoseOfTheLargestSingularValues() {
    int size = 16;
    float[] values = new float[size * size];
    for (int i = 0; i < 4; i++) {
      values[i * size + (i * 5 + 3) % size] = 8 >> i;
    }
    float[] back = through(codec(size, size, 2, Precision.FLOAT32), values, 3);
    assertEquals(Math.sqrt(5), norm(less(values, back)), 0.01);
  }

  @Test
  void whatIsLeftOutComesWithTheUpdatesThatFollow() {
    RangeCodec codec = codec(ROWS, COLUMNS, 3, Precision.FLOAT16);
    Random random = new Random(2);
    float[] update = gaussian(ROWS * COLUMNS, random);
    float[] rest = new float[update.length];
    float[] all = new float[update.length];
    float[] sent = new float[update.length];
    int rounds = 60;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < update.length; i++) {
        rest[i] += update[i];
        all[i] += update[i];
      }
      float[] back = through(codec, rest, round);
      rest = less(rest, back);
      for (int i = 0; i < sent.length; i++) {
        sent[i] += back[i];
      }
    }
    assertTrue(norm(less(all, sent)) < 0.2 * norm(all), "of the sum " + norm(less(all, sent)));
    assertTrue(norm(less(through(codec, update, 1), update)) > 0.8 * norm(update), "of one");
  }

  @Test
  void factorsTakeTheBytesThatTheirRankAndPrecisionMake() {
    float[] values = gaussian(ROWS * COLUMNS, new Random(3));
    assertEquals(
        2 + 4 * 3 * 80, codec(ROWS, COLUMNS, 3, Precision.FLOAT32).encode(values, 1, 1).length);
    assertEquals(
        2 + 2 * 3 * 80, codec(ROWS, COLUMNS, 3, Precision.FLOAT16).encode(values, 1, 1).length);
    assertEquals(2 + 240 + 8, codec(ROWS, COLUMNS, 3, Precision.INT8).encode(values, 1, 1).length);
    float[] one = ofRank(1, ROWS, COLUMNS, new Random(4));
    int least = codec(ROWS, COLUMNS, 1, Precision.FLOAT32).encode(one, 1, 1).length;
    assertTrue(least >= 2 + 4 * 80, "one column of two bytes and " + least);
    assertEquals(1, codec(ROWS, COLUMNS, 3, Precision.INT4).encode(new float[1500], 1, 1).length);
  }

  @Test
  void theSameSeedsGiveTheSameBytesAndAPartIsWhatTheWholeHasThere() {
    float[] values = gaussian(ROWS * COLUMNS, new Random(5));
    for (Precision precision : Precision.values()) {
      RangeCodec codec = codec(ROWS, COLUMNS, 4, precision);
      byte[] bytes = codec.encode(values, 6, 7);
      assertArrayEquals(bytes, codec.encode(values.clone(), 6, 7));
      float[] whole = new float[values.length];
      codec.decode(bytes, whole);
      for (int from = 0; from < values.length; from += 77) {
        float[] part = new float[Math.min(77, values.length - from)];
        codec.decode(bytes, values.length, from, part);
        assertArrayEquals(Arrays.copyOfRange(whole, from, from + part.length), part);
      }
    }
  }

  @Test
  void damagedBytesAreRefusedAndNeverRunAway() {
    Random random = new Random(8);
    float[] values = gaussian(ROWS * COLUMNS, random);
    for (Precision precision : Precision.values()) {
      for (Packing packing : Packing.values()) {
        RangeCodec codec =
            new LowRankRange(
                new Matrix(ROWS, COLUMNS), coding(2, precision, packing), Packer.of(packing));
        byte[] sound = codec.encode(values, 1, 1);
        byte[] cut = Arrays.copyOf(sound, sound.length - 2);
        assertThrows(
            IllegalArgumentException.class, () -> codec.decode(cut, new float[values.length]));
        for (int trial = 0; trial < 100; trial++) {
          byte[] damaged = sound.clone();
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
          try {
            codec.decode(damaged, new float[values.length]);
          } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("cannot be decoded"));
          }
        }
      }
    }
  }

  @Test
  void bytesOfAnotherShapeAreRefusedByWhatTheyHave() {
    RangeCodec codec = codec(ROWS, COLUMNS, 2, Precision.FLOAT32);
    byte[] bytes = codec.encode(gaussian(ROWS * COLUMNS, new Random(9)), 1, 1);
    byte[] wide = bytes.clone();
    wide[1] = 3;
    assertRefused("it has 3 columns, the rank is 2", codec, wide, ROWS * COLUMNS);
    wide[1] = 0;
    assertRefused("it has 0 columns", codec, wide, ROWS * COLUMNS);
    wide[1] = 1;
    assertRefused("there is more behind its values", codec, wide, ROWS * COLUMNS);
    assertRefused("its first byte", codec, new byte[] {7, 1}, ROWS * COLUMNS);
    assertRefused("it is of 10 values, its entry has 1500", codec, bytes, 10);
  }

  private static void assertRefused(String what, RangeCodec codec, byte[] bytes, int count) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> codec.decode(bytes, new float[count]))
            .getMessage();
    assertTrue(message.contains(what), message);
  }

  private static Layout layout(int[]... shapes) {
    List<LayoutEntry> entries = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < shapes.length; i++) {
      LayoutEntry entry = new LayoutEntry("layer" + i, shapes[i], next, ParameterRole.SHARED);
      entries.add(entry);
      next += entry.size();
    }
    return new Layout(entries);
  }

  private static List<String> cut(Layout layout, int rank, int rangeElements) {
    return new RangeCodecs()
        .updates(spec(rank, Precision.FLOAT32), layout, rangeElements).stream()
            .map(range -> range.from() + "+" + range.count() + kind(range))
            .toList();
  }

  private static String kind(UpdateRange range) {
    return range.codec() instanceof LowRankRange ? " factors" : "";
  }

  @Test
  void anUpdateIsCutAtEntriesThatAreSmallerAsFactorsHoweverLargeTheyAre() {
    Layout layout =
        layout(
            new int[] {40, 3, 10},
            new int[] {40},
            new int[] {2, 2},
            new int[] {9},
            new int[] {30, 40});
    // 40 x 30 are 70 a column, 2 x 2 are 4 of 4: no gain.
    assertEquals(List.of("0+1200 factors", "1200+53", "1253+1200 factors"), cut(layout, 1, 100));
    assertEquals(List.of("0+1200 factors", "1200+53", "1253+1200 factors"), cut(layout, 2, 140));
    Layout wide = layout(new int[] {150}, new int[] {40, 30}, new int[] {3});
    assertEquals(
        List.of("0+70", "70+70", "140+10", "150+1200 factors", "1350+3"), cut(wide, 1, 70));
  }

  @Test
  void anEntryWhoseFactorsFitIntoNoChunkIsRefusedByName() {
    Layout layout = layout(new int[] {5}, new int[] {40, 30});
    assertUncut("the entry layer1 of 40 x 30 values has factors of 140", layout, 2, 100);
    assertUncut("use a rank of at most 1", layout, 2, 100);
    assertUncut("use values: top-k", layout, 2, 60);
    int[][] shapes = new int[66][];
    Arrays.fill(shapes, new int[] {10, 10});
    assertUncut("into 66 ranges, and a manifest names 64", layout(shapes), 1, 100);
  }

  private static void assertUncut(String what, Layout layout, int rank, int rangeElements) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> cut(layout, rank, rangeElements))
            .getMessage();
    assertTrue(message.contains(what), message);
  }

  @Test
  void factorsCannotBeAddedAndLeaveARest() {
    Coding coding = coding(4, Precision.FLOAT16, Packing.ZSTD);
    assertEquals("lowrank.f16.zstd", coding.encoding());
    assertEquals(false, coding(4, Precision.FLOAT32, Packing.NONE).isSummable());
    assertTrue(coding.hasMemory());
  }
}
