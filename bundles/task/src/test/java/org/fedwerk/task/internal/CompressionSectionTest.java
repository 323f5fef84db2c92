// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;
import org.fedwerk.api.task.CompressionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionSectionTest {
  private static CompressionSpec compression(String group) throws RefusedException {
    String yaml = RefusalsTest.LEAST + "compression: {" + group + "}\n";
    return new YamlTaskReader().read(yaml).task().compression();
  }

  @Test
  void withoutAGroupUpdatesTravelAsTheyAre() throws RefusedException {
    assertEquals(
        CompressionSpec.NONE, new YamlTaskReader().read(RefusalsTest.LEAST).task().compression());
  }

  @Test
  void stagesAreTheTasks() throws RefusedException {
    assertEquals(
        new CompressionSpec(
            new Coding(Sparsity.TOP_K, 0.01, Precision.INT8, Packing.DEFLATE), 0, Optional.empty()),
        compression("values: top-k, share: 0.01, precision: int8, deflate: on"));
    assertEquals(
        new CompressionSpec(
            new Coding(Sparsity.MASK, 0.25, Precision.FLOAT16, Packing.NONE),
            0.5,
            Optional.empty()),
        compression("values: mask, share: 0.25, precision: float16, skip-below: 0.5"));
    assertEquals(
        new CompressionSpec(
            new Coding(Sparsity.LOW_RANK, 1, Precision.FLOAT16, Packing.ZSTD, 4),
            0,
            Optional.empty()),
        compression("values: low-rank, rank: 4, precision: float16, zstd: on"));
    assertEquals(
        new CompressionSpec(
            new Coding(Sparsity.NONE, 1, Precision.INT4, Packing.ZSTD),
            0,
            Optional.of(new Coding(Sparsity.TOP_K, 0.02, Precision.INT8, Packing.NONE))),
        compression(
            "precision: int4, zstd: on, down: {values: top-k, share: 0.02, precision: int8}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          values: top-k                | compression.share     | is missing; give the part of the values
          values: top-k, share: 0.6    | compression.share     | at most 0.5
          values: mask, share: 1       | compression.share     | below 1
          share: 0.1                   | compression.share     | needs values: top-k or values: mask
          values: largest              | compression.values    | use one of all, top-k, mask, low-rank
          values: low-rank             | compression.rank      | is missing; give the most columns of a factor
          values: low-rank, rank: 65   | compression.rank      | 64
          values: low-rank, rank: 2, share: 0.1 | compression.share | needs values: top-k or values: mask
          values: top-k, share: 0.1, rank: 2 | compression.rank | needs values: low-rank
          down: {values: low-rank, rank: 2} | compression.down.values | use one of all, top-k
          precision: bfloat16          | compression.precision | use one of float32, float16, int8, int4
          deflate: zstd                | compression.deflate   | use one of off, on
          deflate: on, zstd: on        | compression.zstd      | stands beside deflate: on
          down: {}                     | compression.down      | makes nothing smaller
          down: {values: mask}         | compression.down.values | use one of all, top-k
          down: {values: top-k}        | compression.down.share | is missing; give the part of the values
          down: {share: 0.1}           | compression.down.share | needs values: top-k
          down: {skip-below: 1}        | compression.down.skip-below | is not a known key
          skip-below: -1               | compression.skip-below | a number from 0
          """)
  void choicesThatDoNotGoTogetherAreRefusedByNameAndKey(String group, String key, String what) {
    assertRefused(RefusalsTest.LEAST + "compression: {" + group + "}\n", key, what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          values: mask, share: 0.5      | values
          precision: int8               | precision
          deflate: on                   | deflate
          zstd: on                      | zstd
          skip-below: 0.5               | skip-below
          down: {precision: int8}       | down
          """)
  void controlVariatesAreNotCutShortAndTheKeyThatWouldIsNamed(String group, String key) {
    List<Refusal> refusals =
        refusals(RefusalsTest.LEAST + "local: {scaffold: on}\ncompression: {" + group + "}\n");
    assertEquals(1, refusals.size(), refusals.toString());
    assertEquals("compression." + key, refusals.get(0).where());
    assertTrue(refusals.get(0).what().startsWith("does not go with local.scaffold"));
  }

  @Test
  void everyKeyBesideControlVariatesIsNamedAtOnce() {
    String group = "compression: {precision: int4, zstd: on, skip-below: 0.1}\n";
    assertEquals(
        List.of("compression.precision", "compression.zstd", "compression.skip-below"),
        refusals(RefusalsTest.LEAST + "local: {scaffold: on}\n" + group).stream()
            .map(Refusal::where)
            .toList());
  }

  @Test
  void lateUpdatesAreNotCutShort() {
    assertRefused(
        RefusalsTest.LEAST.replace("  max: 5\n", "  max: 5\n  late: staleness\n")
            + "compression: {values: top-k, share: 0.1}\n",
        "compression.values",
        "top-k does not go with late updates");
    assertRefused(
        RefusalsTest.LEAST.replace("  max: 5\n", "  max: 5\n  late: staleness\n")
            + "compression: {values: low-rank, rank: 2}\n",
        "compression.values",
        "low-rank does not go with late updates");
    assertRefused(
        RefusalsTest.LEAST + "local: {scaffold: on}\ncompression: {values: low-rank, rank: 2}\n",
        "compression.values",
        "does not go with local.scaffold");
    assertRefused(
        RefusalsTest.LEAST + "local: {clusters: 2}\ncompression: {values: low-rank, rank: 2}\n",
        "compression.values",
        "low-rank does not go with local.clusters");
    assertRefused(
        RefusalsTest.LEAST
            + "local: {clusters: 2, split: {}}\ncompression: {values: top-k, share: 0.1}\n",
        "compression.values",
        "top-k does not go with local.clusters");
    assertRefused(
        RefusalsTest.LEAST
            + "local: {clusters: 2, split: {}}\ncompression: {down: {precision: int8}}\n",
        "compression.down",
        "does not go with local.split");
  }

  @Test
  void whatTopKLeavesOutIsAddedToNothingThatItDoesNotBelongTo() {
    String topK = "compression: {values: top-k, share: 0.1}\n";
    assertRefused(
        RefusalsTest.LEAST + "local: {clusters: 2}\n" + topK,
        "compression.values",
        "top-k does not go with local.clusters");
    String enough = RefusalsTest.LEAST.replace("  max: 5\n", "  max: 5\n  examples-least: 10\n");
    assertRefused(
        enough + "strategy: {aggregator: qfedavg}\n" + topK,
        "compression.values",
        "top-k does not go with strategy.aggregator: qfedavg");
    assertDoesNotThrow(
        () -> new YamlTaskReader().read(enough + "strategy: {aggregator: fednova}\n" + topK));
  }

  private static List<Refusal> refusals(String yaml) {
    return assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml)).refusals();
  }

  private static void assertRefused(String yaml, String key, String what) {
    List<Refusal> refusals = refusals(yaml);
    assertTrue(
        refusals.stream().anyMatch(each -> each.where().equals(key) && each.what().contains(what)),
        refusals.toString());
  }
}
