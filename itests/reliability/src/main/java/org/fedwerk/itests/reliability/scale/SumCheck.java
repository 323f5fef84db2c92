// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

/**
 * The models that must come of the updates, computed in whole numbers and apart from the
 * coordinator's code.
 */
final class SumCheck {
  private final Crowd crowd;

  /** Per element, the weighted sum of all updates before any round. */
  private final long[] sums;

  /** Per chunk and site, the last value before any round. */
  private final int[][] last;

  private final float[] model;
  private int round;

  /**
   * Adds up the updates of all sites.
   *
   * @param start the model of version 0, which is not changed
   */
  SumCheck(Crowd crowd, float[] start) {
    this.crowd = crowd;
    this.model = start.clone();
    this.sums = new long[crowd.elements()];
    this.last = new int[crowd.chunks()][crowd.sites()];
    int[] values = new int[crowd.elements()];
    for (int site = 0; site < crowd.sites(); site++) {
      crowd.values(site, values);
      int weight = crowd.weight(site);
      for (int i = 0; i < values.length; i++) {
        sums[i] += (long) weight * values[i];
      }
      for (int chunk = 0; chunk < last.length; chunk++) {
        last[chunk][site] = values[end(chunk)];
      }
    }
  }

  private int end(int chunk) {
    return chunk * crowd.rangeElements() + crowd.count(chunk) - 1;
  }

  /** The model of the next round. */
  float[] next() {
    round++;
    for (int chunk = 0; chunk < last.length; chunk++) {
      long sum = 0;
      for (int site = 0; site < crowd.sites(); site++) {
        sum += (long) crowd.weight(site) * Crowd.inRound(last[chunk][site], round);
      }
      sums[end(chunk)] = sum;
    }
    for (int i = 0; i < model.length; i++) {
      model[i] = Crowd.plusMean(model[i], sums[i]);
    }
    return model.clone();
  }

  /** In how many elements two models differ, bit for bit. */
  static int differing(float[] one, float[] other) {
    int differing = Math.abs(one.length - other.length);
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      if (Float.floatToRawIntBits(one[i]) != Float.floatToRawIntBits(other[i])) {
        differing++;
      }
    }
    return differing;
  }
}
