// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.fedwerk.api.Digest;

/**
 * The input of one round, made up: a base and updates of which each element is computed from its
 * place alone, so that another program can compute the same ones; and what they must come to, by a
 * plain sum that shares no code with the product.
 *
 * @param sites number of updates
 * @param elements elements of each update and of the base; (sites + 1) * elements below 2^32
 */
record Round(int sites, int elements) {
  /** 10 updates of 25 million floats. */
  static final Round LARGE = new Round(10, 25_000_000);

  private static final int BLOCK = 1 << 16;

  double[] weights() {
    double[] weights = new double[sites];
    Arrays.setAll(weights, site -> 500 + 37 * site);
    return weights;
  }

  /** One element of a site's update: at least -0.5, below 0.5, a multiple of 2^-24. */
  float update(int site, int element) {
    return number((long) site * elements + element);
  }

  /** One element of the base. */
  float base(int element) {
    return number((long) sites * elements + element);
  }

  /** What the base must become at one element. */
  float expected(int element) {
    double total = 0;
    for (int site = 0; site < sites; site++) {
      total += 500 + 37 * site;
    }
    double delta = 0;
    for (int site = 0; site < sites; site++) {
      delta += (500 + 37 * site) / total * update(site, element);
    }
    return (float) (base(element) + delta);
  }

  /** SHA-256, in hexadecimal digits, of what the base must become as float32 little-endian. */
  String expectedDigest() {
    MessageDigest sha = Digest.sha256();
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < elements; from += BLOCK) {
      block.clear();
      for (int element = from; element < Math.min(elements, from + BLOCK); element++) {
        block.putFloat(expected(element));
      }
      sha.update(block.flip());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** The finishing steps of MurmurHash3 over the place, of which the upper 24 bits are taken. */
  private static float number(long place) {
    int bits = (int) place;
    bits ^= bits >>> 16;
    bits *= 0x85ebca6b;
    bits ^= bits >>> 13;
    bits *= 0xc2b2ae35;
    bits ^= bits >>> 16;
    return ((bits >>> 8) - (1 << 23)) * 0x1p-24f;
  }
}
