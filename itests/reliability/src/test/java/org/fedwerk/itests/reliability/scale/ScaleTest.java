// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.itests.reliability.transfer.Child;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleTest {
  /** A short run is over before the second compiler pays. */
  private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

  private static final Crowd CROWD = new Crowd(7, 250, 100);

  @TempDir Path folder;

  @Test
  void fiveSitesGoThroughTwoRoundsAndTheModelsAreTheExactMean() throws Exception {
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    Scale.Result result = new Scale(folder, examples, QUICK).run(5, 2, "192m");
    assertEquals(0, result.wrong());
    assertEquals(0, result.missing());
    assertTrue(result.peakMegabytes() > 0 && result.secondsPerRound() > 0, result.toString());
    long models = 2L * ScaleTask.parameters() * Float.BYTES;
    assertTrue(result.blobBytes() <= models + 10_000, "old rounds are gone: " + result);
  }

  @Test
  void anUpdateReadChunkByChunkIsWhatItsManifestNamesAndDiffersInEachRound() throws Exception {
    try (Updates updates = new Updates(CROWD, 2, 3, folder.resolve("updates"))) {
      Set<Digest> all = new HashSet<>();
      for (int site = 2; site < 5; site++) {
        for (int round = 1; round <= 3; round++) {
          List<Chunk> chunks = updates.section(site, round).chunks();
          assertEquals(CROWD.chunks(), chunks.size());
          for (int chunk = 0; chunk < chunks.size(); chunk++) {
            byte[] bytes = updates.chunk(site, chunk, round);
            assertEquals(chunks.get(chunk).digest(), Digest.of(bytes));
            assertEquals(chunks.get(chunk).bytes(), bytes.length);
            all.add(chunks.get(chunk).digest());
          }
        }
      }
      assertEquals(3 * 3 * CROWD.chunks(), all.size(), "no two are alike");
    }
  }

  @Test
  void wholeNumbersComeToTheBitsOfTheProductsMean() throws Exception {
    float[] start = new float[CROWD.elements()];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) random.nextDouble(-0.3, 0.3);
    }
    SumCheck sums = new SumCheck(CROWD, start);
    float[] byProduct = start.clone();
    double[] weights = IntStream.range(0, 7).mapToDouble(CROWD::weight).toArray();
    try (Updates updates = new Updates(CROWD, 0, 7, folder.resolve("updates"))) {
      for (int round = 1; round <= 3; round++) {
        double[] mean = new FedAvg().aggregate(vectors(updates, round), weights);
        for (int i = 0; i < mean.length; i++) {
          byProduct[i] = (float) (byProduct[i] + mean[i]);
        }
        assertArrayEquals(byProduct, sums.next());
      }
    }
  }

  private static List<float[]> vectors(Updates updates, int round) throws Exception {
    List<float[]> vectors = new ArrayList<>();
    for (int site = 0; site < CROWD.sites(); site++) {
      float[] vector = new float[CROWD.elements()];
      for (Chunk chunk : updates.section(site, round).chunks()) {
        int index = chunk.from() / CROWD.rangeElements();
        byte[] bytes = updates.chunk(site, index, round);
        Float32.decode(bytes, vector, chunk.from(), chunk.count());
      }
      vectors.add(vector);
    }
    return vectors;
  }

  @Test
  void anUpdateLeftOutOrCountedTwiceIsNotTheMean() {
    float[] start = new float[CROWD.elements()];
    float[] right = new SumCheck(CROWD, start).next();
    float[] without = new SumCheck(new Crowd(6, 250, 100), start).next();
    assertTrue(SumCheck.differing(right, without) > 200);
    assertEquals(0, SumCheck.differing(right, new SumCheck(CROWD, start).next()));
  }

  @Test
  void weightsOfAnyNumberOfSitesAreEnoughForATaskAndAddUpToAPowerOfTwo() {
    for (int sites : new int[] {2, 5, 10, 100, 999, 1000}) {
      Crowd crowd = new Crowd(sites, 10, 10);
      assertEquals(1 << 16, IntStream.range(0, sites).map(crowd::weight).sum());
      assertTrue(IntStream.range(0, sites).allMatch(site -> crowd.weight(site) >= 10));
    }
  }

  @Test
  void aProcessThatSaysThatSomethingFailedSpoilsTheRun() throws Exception {
    List<String> command = List.of("/bin/sh", "-c", "echo failed site-0001: lost; sleep 20");
    try (Child child = Child.start("driver", folder, command)) {
      IllegalStateException spoilt =
          assertThrows(
              IllegalStateException.class, () -> child.await("connected", Duration.ofSeconds(20)));
      assertTrue(String.valueOf(spoilt.getMessage()).contains("site-0001: lost"));
    }
  }
}
