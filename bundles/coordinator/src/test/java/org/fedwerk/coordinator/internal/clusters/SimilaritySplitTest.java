// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.clusters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Clusters;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.LocalSpec;
import org.junit.jupiter.api.Test;

class SimilaritySplitTest {
  private static final LocalSpec.Split RULE = new LocalSpec.Split(0.4, 0.2, 0);

  /** For rounds that part nobody. */
  private static final Function<List<Integer>, double[][]> NONE =
      some -> {
        throw new AssertionError("looks at updates " + some);
      };

  private static double[][] gram(double[]... vectors) {
    double[][] gram = new double[vectors.length][vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < vectors.length; j++) {
        for (int k = 0; k < vectors[i].length; k++) {
          gram[i][j] += vectors[i][k] * vectors[j][k];
        }
      }
    }
    return gram;
  }

  private static SimilaritySplit.Outcome after(
      Members before, int most, double mean, double[]... updates) {
    List<SimilaritySplit.Update> facts = new ArrayList<>();
    for (int k = 0; k < updates.length; k++) {
      double norm = Math.sqrt(gram(updates[k])[0][0]);
      String site = String.valueOf((char) ('a' + k));
      facts.add(new SimilaritySplit.Update(site, Math.max(1, before.place(site)), true, norm));
    }
    double[] means = new double[most];
    means[0] = mean;
    return new SimilaritySplit(RULE, most)
        .after(
            before,
            facts,
            means,
            some -> gram(some.stream().map(k -> updates[k]).toArray(double[][]::new)));
  }

  /** The best of all bipartitions, by trying each. */
  @Test
  void noOtherBipartitionHasALessLargestCosineBetweenItsParts() {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      int count = 2 + random.nextInt(6);
      double[][] vectors = new double[count][];
      for (int i = 0; i < count; i++) {
        vectors[i] = random.doubles(3, -1, 1).toArray();
      }
      double[][] gram = gram(vectors);
      double least = 2;
      for (int parts = 1; parts < 1 << count - 1; parts++) {
        double most = -2;
        for (int i = 0; i < count; i++) {
          for (int j = 0; j < count; j++) {
            if ((parts >> i & 1) != (parts >> j & 1)) {
              most = Math.max(most, gram[i][j] / Math.sqrt(gram[i][i] * gram[j][j]));
            }
          }
        }
        least = Math.min(least, most);
      }
      Bipartition found = Bipartition.of(gram);
      assertEquals(least, found.similarity(), 1e-12);
      assertTrue(!found.second().get(0) && !found.second().isEmpty());
    }
  }

  @Test
  void sitesThatPullApartAtRestArePartedAndTheirModelGoesOnTwice() {
    SimilaritySplit.Outcome outcome =
        after(
            Members.FIRST,
            4,
            0.1,
            new double[] {1, 0.1},
            new double[] {-1, 0},
            new double[] {1, 0});
    assertEquals(List.of(1), outcome.parents());
    assertEquals(Map.of("a", 1, "b", 2, "c", 1), outcome.members().places());
    assertEquals(2, outcome.members().models());
  }

  @Test
  void nobodyIsPartedWhileTheMeanMovesOrAllAreNearlyThereOrPullAlike() {
    double[] east = {1, 0};
    double[] west = {-1, 0};
    assertEquals(1, after(Members.FIRST, 4, 0.5, east, west).members().models());
    Members later = new Members(1, 6, Map.of("a", 1, "b", 1));
    assertEquals(1, after(later, 4, 0.1, east, west).members().models());
    double[] north = {0.1, 1};
    assertEquals(1, after(Members.FIRST, 4, 0.1, east, north).members().models());
    assertEquals(1, after(Members.FIRST, 1, 0.1, east, west).members().models());
    assertEquals(1, after(Members.FIRST, 4, 0, new double[2], new double[2]).members().models());
    assertEquals(1, after(Members.FIRST, 4, 0, east).members().models());
  }

  @Test
  void whoTookNoPartWhenItsSitesWerePartedFindsItsModelAgain() {
    Members all = new Members(1, 1, Map.of("a", 1, "b", 1, "z", 1));
    Members parted = after(all, 4, 0.1, new double[] {1, 0}, new double[] {-1, 0}).members();
    assertEquals(new Clusters(2, List.of(1, 2, 0)), parted.told(List.of("a", "b", "z")));
    Members found = parted.joined(Map.of("z", 2, "a", 2, "y", 3));
    assertEquals(Map.of("a", 1, "b", 2, "z", 2), found.places(), "others keep what they have");
  }

  @Test
  void whoCouldNotTellTwoModelsApartHasNoneYet() {
    Members before = new Members(2, 1, Map.of("a", 1, "b", 2));
    List<SimilaritySplit.Update> updates =
        List.of(
            new SimilaritySplit.Update("a", 1, false, 1),
            new SimilaritySplit.Update("b", 2, false, 1),
            new SimilaritySplit.Update("z", 1, false, 1));
    Members after =
        new SimilaritySplit(RULE, 2).after(before, updates, new double[2], NONE).members();
    assertEquals(new Clusters(2, List.of(1, 2, 0)), after.told(List.of("a", "b", "z")));
    List<SimilaritySplit.Update> later = List.of(new SimilaritySplit.Update("z", 2, true, 1));
    Members chosen =
        new SimilaritySplit(RULE, 2).after(after, later, new double[2], NONE).members();
    assertEquals(new Clusters(2, List.of(1, 2, 2)), chosen.told(List.of("a", "b", "z")));
  }

  /** Its cosine of 0 with each of them would keep them together. */
  @Test
  void whoSaidNothingKeepsNobodyTogetherAndFindsItsModelAgain() {
    double[] east = {1, 0};
    double[] west = {-1, 0};
    SimilaritySplit.Outcome outcome = after(Members.FIRST, 4, 0.1, east, west, new double[2]);
    assertEquals(Map.of("a", 1, "b", 2), outcome.members().places());
  }

  @Test
  void whoseModelIsWhoseIsReadAsItWasKeptAtFirst() {
    byte[] kept =
        HexFormat.of().parseHex("0101" + "04" + "400c000000000000" + "04" + "026102" + "026204");
    Members members = new Members(2, 3.5, Map.of("a", 1, "b", 2));
    Digest digest = Digest.of(kept);
    assertEquals(digest, members.section(Digest::of).chunks().get(0).digest(), "the same bytes");
    Section section = members.section(bytes -> digest);
    assertEquals(members, Members.of(5, List.of(section), 4, Map.of(digest, kept)::get));
  }

  @Test
  void whoseModelIsWhoseIsKeptWithAVersion() {
    Map<Digest, byte[]> blobs = new HashMap<>();
    Members members = new Members(2, 3.5, Map.of("a", 1, "b", 2));
    Section kept =
        members.section(
            bytes -> {
              blobs.put(Digest.of(bytes), bytes);
              return Digest.of(bytes);
            });
    assertEquals(members, Members.of(5, List.of(kept), 4, blobs::get));
    assertEquals(Members.FIRST, Members.of(0, List.of(), 4, blobs::get));
    assertEquals(
        new Clusters(4, List.of(0)), Members.of(5, List.of(), 4, blobs::get).told(List.of("a")));
  }
}
