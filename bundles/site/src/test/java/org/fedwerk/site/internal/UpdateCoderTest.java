// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.codec.internal.RangeCodecs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates in factors: what is left out comes later, once, and a kill changes no byte. */
class UpdateCoderTest {
  private static final int ROUNDS = 40;
  private static final CompressionSpec SPEC =
      new CompressionSpec(
          new Coding(Coding.Sparsity.LOW_RANK, 1, Precision.INT8, Packing.ZSTD, 2),
          0,
          Optional.empty());

  private static final Layout LAYOUT =
      new Layout(
          List.of(
              new LayoutEntry("dense.weight", new int[] {20, 15}, 0, ParameterRole.SHARED),
              new LayoutEntry("dense.bias", new int[] {20}, 300, ParameterRole.SHARED)));

  private static final List<UpdateRange> RANGES = new RangeCodecs().updates(SPEC, LAYOUT, 100);

  @TempDir Path folder;
  private Disk disk;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private Section code(int round, float[] update, int counted) {
    ChunkLedger ledger = new ChunkLedger(disk.chunks(), disk.blobs());
    PersonalBook book = new PersonalBook(disk.personal(), disk.blobs(), ledger);
    ReplyKey key = new ReplyKey(Digest.of(new byte[] {1}), round, 1, 0, "a");
    return new UpdateCoder(book, ledger)
        .code(SPEC, key, update.clone(), counted, RANGES, 1000 + round);
  }

  private void add(Section sent, double[] sum) {
    for (int k = 0; k < RANGES.size(); k++) {
      float[] values = new float[RANGES.get(k).count()];
      byte[] bytes = disk.blobs().get(sent.chunks().get(k).digest()).orElseThrow();
      RANGES.get(k).codec().decode(bytes, values);
      for (int i = 0; i < values.length; i++) {
        sum[RANGES.get(k).from() + i] += values[i];
      }
    }
  }

  private static float[] update() {
    Random random = new Random(3);
    float[] update = new float[LAYOUT.size()];
    for (int i = 0; i < update.length; i++) {
      update[i] = (float) random.nextGaussian();
    }
    return update;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void whatIsSentOverRoundsComesToTheSumOfTheUpdates() {
    float[] update = update();
    double[] sent = new double[update.length];
    double[] left = new double[update.length];
    double[] all = new double[update.length];
    for (int round = 1; round <= ROUNDS; round++) {
      add(code(round, update, round - 1), sent);
      for (int i = 0; i < update.length; i++) {
        all[i] = (double) round * update[i];
        left[i] = all[i] - sent[i];
      }
    }
    assertTrue(norm(left) < 0.2 * norm(all), norm(left) + " of " + norm(all));
  }

  @Test
  void anUpdateThatIsCodedAgainAfterAKillIsTheSameBytes() {
    float[] update = update();
    code(1, update, 0);
    Section once = code(2, update, 1);
    disk.again();
    assertEquals(once, code(2, update, 1));
  }
}
