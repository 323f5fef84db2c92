// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.message.Float32;

/**
 * The digest by which coordinator and sites know that they hold the same model (docs/wire.md):
 * SHA-256 over a domain label, task digest, layout digest, shared parameters as float32
 * little-endian in layout order, and shared preprocessing.
 */
public final class GlobalDigest {
  private static final byte[] DOMAIN =
      "fedwerk global model 1\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** Elements encoded at a time, so that a large entry is not in memory twice. */
  private static final int SLICE = 16_384;

  private GlobalDigest() {}

  /**
   * Computes it, for a model whose shared preprocessing is the federation's statistics.
   *
   * @param statistics those by which all sites standardise; none if every site keeps its own
   */
  public static Digest of(Digest task, Layout layout, float[] vector, List<Moments> statistics) {
    return of(task, layout, vector, bytes(statistics));
  }

  /** Count, mean and variance of each, 8 bytes each, little-endian. */
  private static byte[] bytes(List<Moments> statistics) {
    ByteBuffer bytes = ByteBuffer.allocate(statistics.size() * (Long.BYTES + 2 * Double.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    statistics.forEach(
        each -> bytes.putLong(each.count()).putDouble(each.mean()).putDouble(each.variance()));
    return bytes.array();
  }

  /**
   * Computes it.
   *
   * @param task digest of the task document
   * @param layout layout of the vector
   * @param vector the whole parameter vector; only SHARED and FROZEN and BUFFER entries count,
   *     LOCAL ones do not
   * @param preprocessing shared preprocessing, empty if every site keeps its own
   */
  public static Digest of(Digest task, Layout layout, float[] vector, byte[] preprocessing) {
    if (vector.length != layout.size()) {
      throw new IllegalArgumentException(
          "vector has " + vector.length + " values, its layout " + layout.size());
    }
    MessageDigest sha = Digest.sha256();
    sha.update(DOMAIN);
    sha.update(task.raw());
    sha.update(layout.digest().raw());
    for (LayoutEntry entry : layout.entries()) {
      if (entry.role() != ParameterRole.LOCAL) {
        int end = entry.offset() + entry.size();
        int count;
        for (int from = entry.offset(); from < end; from += count) {
          count = Math.min(SLICE, end - from);
          sha.update(Float32.encode(vector, from, count));
        }
      }
    }
    sha.update(preprocessing);
    return Digest.ofRaw(sha.digest());
  }
}
