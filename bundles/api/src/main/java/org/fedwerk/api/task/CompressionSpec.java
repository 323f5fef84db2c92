// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

/**
 * How a site's update is made smaller before it leaves: first fewer values, then fewer bits, then
 * fewer bytes.
 *
 * @param sparsity which values are sent
 * @param share of the values that are sent, above 0, at most 1
 * @param precision how a value is written
 * @param deflate true to pack what is written (RFC 1950)
 * @param skipBelow an update of a smaller Euclidean norm is sent as no change; 0 to send all
 */
public record CompressionSpec(
    Sparsity sparsity, double share, Precision precision, boolean deflate, double skipBelow) {
  /** Every value as float32. */
  public static final CompressionSpec NONE =
      new CompressionSpec(Sparsity.NONE, 1, Precision.FLOAT32, false, 0);

  /** Which values are sent. */
  public enum Sparsity {
    /** All. */
    NONE,
    /**
     * Those of largest magnitude in each range; the others are added to the next update (Stich et
     * al. 2018, Sparsified SGD with Memory).
     */
    TOP_K,
    /**
     * Those that a seed shared by all sites draws, scaled so that their expectation is the update
     * (Konečný et al. 2016, section 2).
     */
    MASK
  }

  /** How a value is written. */
  public enum Precision {
    /** IEEE 754 binary32. */
    FLOAT32,
    /** IEEE 754 binary16, rounded to nearest; what is larger than 65504 becomes that. */
    FLOAT16,
    /** 8 bits of a block's largest magnitude, rounded by chance without bias. */
    INT8,
    /** 4 bits, likewise. */
    INT4
  }

  /** True if an update is sent in another way than float32, value by value. */
  public boolean isCoded() {
    return !equals(NONE);
  }

  /** True if what a site did not send is added to its next update. */
  public boolean hasMemory() {
    return sparsity == Sparsity.TOP_K;
  }

  /**
   * True if the coded updates of sites can be added without decoding each: no site has positions or
   * scales of its own. What cannot does not go with secure aggregation.
   */
  public boolean isSummable() {
    boolean ownScales = precision == Precision.INT8 || precision == Precision.INT4;
    return sparsity != Sparsity.TOP_K && !ownScales && !deflate && skipBelow == 0;
  }

  /** The name of the encoding of a section (docs/wire.md). */
  public String encoding() {
    if (!isCoded()) {
      return "f32le";
    }
    String sparse =
        switch (sparsity) {
          case NONE -> "all";
          case TOP_K -> "topk";
          case MASK -> "mask";
        };
    String written =
        switch (precision) {
          case FLOAT32 -> "f32";
          case FLOAT16 -> "f16";
          case INT8 -> "i8";
          case INT4 -> "i4";
        };
    return sparse + "." + written + (deflate ? ".deflate" : "");
  }
}
