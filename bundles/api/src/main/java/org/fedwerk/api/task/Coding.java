// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

/**
 * How a vector is made smaller before it travels: first fewer values, then fewer bits, then fewer
 * bytes.
 *
 * @param sparsity which values are sent
 * @param share of the values that are sent, above 0, at most 1
 * @param precision how a value is written
 * @param packing how what is written is packed
 * @param rank most columns of the factors of an entry; 0 unless of low rank
 */
public record Coding(
    Sparsity sparsity, double share, Precision precision, Packing packing, int rank) {
  /** Every value as float32. */
  public static final Coding NONE = new Coding(Sparsity.NONE, 1, Precision.FLOAT32, Packing.NONE);

  /** Which values are sent. */
  public enum Sparsity {
    /** All. */
    NONE,
    /**
     * Those of largest magnitude in each range; the others are added to the next vector (Stich et
     * al. 2018, Sparsified SGD with Memory).
     */
    TOP_K,
    /**
     * Those that a seed shared by all sites draws, scaled so that their expectation is the update
     * (Konečný et al. 2016, section 2).
     */
    MASK,
    /**
     * Of an entry that is a matrix two factors of few columns, of others all; the difference is
     * added to the next vector (Vogels, Karimireddy and Jaggi 2019, PowerSGD).
     */
    LOW_RANK
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

  /** How what is written is packed. */
  public enum Packing {
    /** Not at all. */
    NONE,
    /** As a zlib stream (RFC 1950). */
    DEFLATE,
    /** As a Zstandard frame (RFC 8878). */
    ZSTD
  }

  /** Without factors. */
  public Coding(Sparsity sparsity, double share, Precision precision, Packing packing) {
    this(sparsity, share, precision, packing, 0);
  }

  /** True if what was not sent is added to the next vector. */
  public boolean hasMemory() {
    return sparsity == Sparsity.TOP_K || sparsity == Sparsity.LOW_RANK;
  }

  /**
   * True if the coded vectors of sites can be added without decoding each: no site has positions,
   * factors or scales of its own. What cannot does not go with secure aggregation.
   */
  public boolean isSummable() {
    boolean ownScales = precision == Precision.INT8 || precision == Precision.INT4;
    return !hasMemory() && !ownScales && packing == Packing.NONE;
  }

  /** The name of the encoding of a section that is coded so (docs/wire.md). */
  public String encoding() {
    String sparse =
        switch (sparsity) {
          case NONE -> "all";
          case TOP_K -> "topk";
          case MASK -> "mask";
          case LOW_RANK -> "lowrank";
        };
    String written =
        switch (precision) {
          case FLOAT32 -> "f32";
          case FLOAT16 -> "f16";
          case INT8 -> "i8";
          case INT4 -> "i4";
        };
    String packed =
        switch (packing) {
          case NONE -> "";
          case DEFLATE -> ".deflate";
          case ZSTD -> ".zstd";
        };
    return sparse + "." + written + packed;
  }
}
