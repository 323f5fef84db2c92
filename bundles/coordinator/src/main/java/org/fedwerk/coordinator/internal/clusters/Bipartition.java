// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.clusters;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Parts vectors in two so that the largest cosine between the parts is the least that there can be
 * (Sattler, Mueller and Samek 2020, algorithm 1): the two most similar groups are joined until two
 * are left.
 *
 * @param second the vectors that are not with the first one
 * @param similarity largest cosine of two vectors of different parts
 */
public record Bipartition(BitSet second, double similarity) {
  /**
   * Parts at least two vectors.
   *
   * @param gram inner products, symmetric; a vector of length 0 is similar to none
   */
  public static Bipartition of(double[][] gram) {
    double[][] cosines = cosines(gram);
    int[] group = new int[gram.length];
    Arrays.setAll(group, i -> i);
    for (int groups = gram.length; groups > 2; groups--) {
      int[] nearest = nearest(cosines, group);
      int kept = Math.min(group[nearest[0]], group[nearest[1]]);
      int joined = Math.max(group[nearest[0]], group[nearest[1]]);
      for (int i = 0; i < group.length; i++) {
        group[i] = group[i] == joined ? kept : group[i];
      }
    }
    BitSet second = new BitSet();
    for (int i = 0; i < group.length; i++) {
      second.set(i, group[i] != group[0]);
    }
    int[] nearest = nearest(cosines, group);
    return new Bipartition(second, cosines[nearest[0]][nearest[1]]);
  }

  private static double[][] cosines(double[][] gram) {
    double[][] cosines = new double[gram.length][gram.length];
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        double norms = Math.sqrt(gram[i][i]) * Math.sqrt(gram[j][j]);
        cosines[i][j] = norms > 0 ? gram[i][j] / norms : 0;
      }
    }
    return cosines;
  }

  /** Of different groups the most similar two; of equals the first. */
  private static int[] nearest(double[][] cosines, int[] group) {
    int[] nearest = {0, 0};
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < group.length; i++) {
      for (int j = i + 1; j < group.length; j++) {
        if (group[i] != group[j] && cosines[i][j] > most) {
          most = cosines[i][j];
          nearest[0] = i;
          nearest[1] = j;
        }
      }
    }
    return nearest;
  }
}
