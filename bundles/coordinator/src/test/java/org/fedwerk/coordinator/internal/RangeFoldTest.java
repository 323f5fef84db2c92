// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.replies.UpdateReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeFoldTest {
  private static final int RANGE = 7;

  private final Map<Digest, byte[]> blobs = new HashMap<>();

  /** Of models of so many parameters. */
  private RangeFold fold(int elements) {
    return fold(CompressionSpec.NONE, whole(elements));
  }

  private RangeFold fold(CompressionSpec spec, Layout layout) {
    return new RangeFold(Fixtures.FEDAVG, blobs::get, new UpdateReader(cut(spec, layout), RANGE));
  }

  private static List<UpdateRange> cut(CompressionSpec spec, Layout layout) {
    return new RangeCodecs().updates(spec, layout, RANGE);
  }

  private static Layout whole(int elements) {
    return new Layout(
        List.of(new LayoutEntry("all", new int[] {elements}, 0, ParameterRole.SHARED)));
  }

  @Test
  void foldsEveryRangeToTheBitsOfASumOverTheWholeVectorTheShortLastOneToo() {
    Random random = new Random(5);
    float[] base = vector(random, 3 * RANGE + 2);
    float[] north = vector(random, base.length);
    float[] south = vector(random, base.length);
    float[] expected = new float[base.length];
    for (int i = 0; i < base.length; i++) {
      double delta = 0;
      delta += 3.0 / 8 * north[i];
      delta += 5.0 / 8 * south[i];
      expected[i] = (float) (base[i] + delta);
    }

    fold(base.length).fold(base, List.of(stored(north), stored(south)), new double[] {3, 5});

    assertArrayEquals(expected, base, 0);
  }

  @Test
  void anUpdateThatIsLateIsScaledAndWeighsAsItDoes() {
    float[] base = {10, 10};
    LateSpec late = new LateSpec(LateSpec.Choice.STALENESS, 0.5, 10);

    fold(2)
        .fold(
            base,
            List.of(stored(new float[] {1, 4}), stored(new float[] {2, -8})),
            new double[] {1, 3},
            new double[] {late.factor(0), late.factor(1)});

    // 10 + (1*1 + 3*2/sqrt(2)) / 4 and 10 + (1*4 - 3*8/sqrt(2)) / 4
    assertArrayEquals(new float[] {11.310660f, 6.757359f}, base, 1e-6f);

    float[] alone = {1};
    fold(1)
        .fold(
            alone,
            List.of(stored(new float[] {1})),
            new double[] {600},
            new double[] {late.factor(3)});
    assertArrayEquals(new float[] {1.5f}, alone, 0, "also one that is alone");
  }

  @Test
  void refusesAModelThatOverflowsAndSaysWhere() {
    float[] base = new float[RANGE + 3];
    float[] update = new float[RANGE + 3];
    base[RANGE + 1] = Float.MAX_VALUE;
    update[RANGE + 1] = Float.MAX_VALUE;

    ArithmeticException refused =
        assertThrows(
            ArithmeticException.class,
            () -> fold(base.length).fold(base, List.of(stored(update)), new double[] {1}));

    assertEquals("the aggregate is not finite at element 8", refused.getMessage());
  }

  /** Chunks are entries, some larger than a range and some smaller, and the ranges are not. */
  @Test
  void foldsEntriesThatTravelAsFactorsToTheBitsOfWhatTheyDecodeTo() {
    Layout layout =
        new Layout(
            List.of(
                new LayoutEntry("first", new int[] {5}, 0, ParameterRole.SHARED),
                new LayoutEntry("large", new int[] {3, 2, 2}, 5, ParameterRole.SHARED),
                new LayoutEntry("small", new int[] {2}, 17, ParameterRole.SHARED),
                new LayoutEntry("last", new int[] {3, 3}, 19, ParameterRole.SHARED)));
    Coding factors = new Coding(Coding.Sparsity.LOW_RANK, 1, Precision.FLOAT32, Packing.NONE, 1);
    CompressionSpec spec = new CompressionSpec(factors, 0, Optional.empty());
    List<UpdateRange> cut = cut(spec, layout);
    assertEquals(List.of(0, 5, 17, 19), cut.stream().map(UpdateRange::from).toList());
    Random random = new Random(6);
    float[] base = vector(random, layout.size());
    float[] expected = base.clone();
    List<Section> updates = new ArrayList<>();
    double[] delta = new double[base.length];
    for (double weight : new double[] {3, 5}) {
      float[] update = vector(random, base.length);
      updates.add(stored(update, cut));
      float[] decoded = decoded(updates.get(updates.size() - 1), cut);
      for (int i = 0; i < delta.length; i++) {
        delta[i] += weight / 8 * decoded[i];
      }
    }
    for (int i = 0; i < base.length; i++) {
      expected[i] = (float) (base[i] + delta[i]);
    }

    RangeFold fold = fold(spec, layout);
    fold.fold(base, updates, new double[] {3, 5});

    assertArrayEquals(expected, base, 0);
    double norm = 0;
    for (float value : decoded(updates.get(0), cut)) {
      norm += (double) value * value;
    }
    assertEquals(norm, fold.squaredNorm(updates.get(0)), 1e-12);
  }

  @Test
  void innerProductsAreSummedOverAllRanges() {
    Random random = new Random(7);
    float[] north = vector(random, 3 * RANGE + 2);
    float[] south = vector(random, north.length);
    double product = 0;
    for (int i = 0; i < north.length; i++) {
      product += (double) north[i] * south[i];
    }
    double[][] gram = fold(north.length).gram(List.of(stored(north), stored(south)));
    assertEquals(product, gram[0][1], 1e-12);
    assertEquals(product, gram[1][0], 1e-12);
    assertEquals(fold(north.length).squaredNorm(stored(south)), gram[1][1], 1e-12);
  }

  private Section stored(float[] update, List<UpdateRange> cut) {
    List<Chunk> chunks = new ArrayList<>();
    for (UpdateRange range : cut) {
      int to = range.from() + range.count();
      byte[] bytes = range.codec().encode(Arrays.copyOfRange(update, range.from(), to), 1, 1);
      blobs.put(Digest.of(bytes), bytes);
      chunks.add(new Chunk(range.from(), range.count(), bytes.length, Digest.of(bytes)));
    }
    return new Section(Section.DELTA, "lowrank.f32", Disclosure.INDIVIDUAL, chunks);
  }

  private float[] decoded(Section update, List<UpdateRange> cut) {
    float[] all = new float[update.size()];
    for (int i = 0; i < cut.size(); i++) {
      float[] range = new float[cut.get(i).count()];
      cut.get(i).codec().decode(blobs.get(update.chunks().get(i).digest()), range);
      System.arraycopy(range, 0, all, cut.get(i).from(), range.length);
    }
    return all;
  }

  /** A rule that keeps account of the arrays in which it is given values. */
  private static final class Watched implements Aggregator {
    final Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    int reads;

    @Override
    public String name() {
      return Fixtures.FEDAVG.name();
    }

    @Override
    public double[] aggregate(List<float[]> updates, double[] weights) {
      assertEquals(updates.size(), reads, "one chunk of each update was read for this range");
      reads = 0;
      arrays.addAll(updates);
      return Fixtures.FEDAVG.aggregate(updates, weights);
    }

    long elements() {
      return arrays.stream().mapToLong(array -> array.length).sum();
    }
  }

  /**
   * Folds so many updates out of one buffer for all chunks: whatever kept the bytes of a chunk
   * beyond its turn would read those of another.
   *
   * @return values that were held beside the model
   */
  private long held(int sites, int ranges) {
    Random random = new Random(sites);
    float[] base = vector(random, ranges * RANGE);
    List<Section> updates = new ArrayList<>();
    double[] weights = new double[sites];
    for (int site = 0; site < sites; site++) {
      updates.add(stored(vector(random, base.length)));
      weights[site] = site + 1;
    }
    float[] expected = base.clone();
    fold(base.length).fold(expected, updates, weights);
    Watched rule = new Watched();
    byte[] buffer = new byte[RANGE * Float.BYTES];
    new RangeFold(
            rule,
            digest -> {
              rule.reads++;
              System.arraycopy(
                  Objects.requireNonNull(blobs.get(digest)), 0, buffer, 0, buffer.length);
              return buffer;
            },
            new UpdateReader(cut(CompressionSpec.NONE, whole(base.length)), RANGE))
        .fold(base, updates, weights);
    assertArrayEquals(expected, base, 0);
    return rule.elements();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 200})
  void besideTheModelOneRangePerSiteIsHeldHoweverLongTheModelIs(int sites) {
    assertEquals((long) sites * RANGE, held(sites, 4));
    assertEquals((long) sites * RANGE, held(sites, 40));
  }

  private static float[] vector(Random random, int length) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private Section stored(float[] update) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < update.length; from += RANGE) {
      int count = Math.min(RANGE, update.length - from);
      byte[] bytes = Float32.encode(update, from, count);
      blobs.put(Digest.of(bytes), bytes);
      chunks.add(new Chunk(from, count, bytes.length, Digest.of(bytes)));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
  }
}
