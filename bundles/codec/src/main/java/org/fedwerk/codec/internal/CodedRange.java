// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Sparsity;

/**
 * A range with fewer values, fewer bits and fewer bytes (docs/wire.md).
 *
 * <p>Bytes: 0 alone, where all values are zero and nothing else is coded; else 1, then which values
 * these are, then the values. All values: nothing. The largest: their number, then for each how far
 * it is from the one before, whole numbers in groups of seven bits, least first. Drawn ones: the
 * seed, eight bytes. Packed, all behind the first byte is one zlib stream or Zstandard frame.
 */
final class CodedRange implements RangeCodec {
  private static final byte ZERO = 0;
  private static final byte CODED = 1;

  private final Coding spec;
  private final Packer packer;

  /** A codec as a task wants it. */
  CodedRange(Coding spec, Packer packer) {
    this.spec = spec;
    this.packer = packer;
  }

  @Override
  public byte[] encode(float[] values, long roundingSeed, long maskSeed) {
    int[] chosen = chosen(values, maskSeed);
    float[] sent = new float[chosen.length];
    boolean zero = true;
    for (int i = 0; i < sent.length; i++) {
      sent[i] = values[chosen[i]] * factor(values.length, chosen.length);
      zero &= sent[i] == 0;
    }
    if (zero) {
      return zero();
    }
    ByteBuffer out = ByteBuffer.allocate(mostBytes(sent.length)).order(ByteOrder.LITTLE_ENDIAN);
    if (spec.sparsity() == Sparsity.TOP_K) {
      Positions.write(chosen, out);
    } else if (spec.sparsity() == Sparsity.MASK) {
      out.putLong(maskSeed);
    }
    Values.write(spec.precision(), sent, new Draws(roundingSeed), out);
    return framed(packer.pack(Arrays.copyOf(out.array(), out.position())));
  }

  /** Bytes of so many values before they are packed, at most: with a seed or positions. */
  private int mostBytes(int count) {
    return Long.BYTES + Positions.MOST_BYTES * (count + 1) + Values.bytes(spec.precision(), count);
  }

  @Override
  public void decode(byte[] bytes, float[] into) {
    Arrays.fill(into, 0);
    if (isZero(bytes)) {
      return;
    }
    ByteBuffer in = unpacked(bytes, packer, mostBytes(into.length));
    try {
      int[] chosen = chosen(in, into.length);
      float[] values = Values.read(spec.precision(), chosen.length, in);
      for (int i = 0; i < values.length; i++) {
        into[chosen[i]] = values[i];
      }
    } catch (BufferUnderflowException tooShort) {
      throw malformed("it ends before its values do");
    }
    if (in.hasRemaining()) {
      throw malformed("there is more behind its values");
    }
  }

  /** Drawn values stand for those that were not. */
  private float factor(int count, int chosen) {
    return spec.sparsity() == Sparsity.MASK ? (float) count / chosen : 1;
  }

  private int kept(int count) {
    return Math.max(1, (int) Math.round(spec.share() * count));
  }

  private int[] chosen(float[] values, long maskSeed) {
    return switch (spec.sparsity()) {
      case NONE, LOW_RANK -> all(values.length);
      case TOP_K -> largest(values);
      case MASK -> drawn(values.length, maskSeed);
    };
  }

  private int[] chosen(ByteBuffer in, int count) {
    return switch (spec.sparsity()) {
      case NONE, LOW_RANK -> all(count);
      case TOP_K -> Positions.read(in, count);
      case MASK -> drawn(count, in.getLong());
    };
  }

  private static int[] all(int count) {
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /** Ascending positions of what is not zero; of equal magnitudes the first. */
  private int[] largest(float[] values) {
    long[] order = new long[values.length];
    int some = 0;
    for (int i = 0; i < order.length; i++) {
      // Magnitudes of floats are in the order of their bits.
      int magnitude = Float.floatToRawIntBits(Math.abs(values[i]));
      order[i] = (long) ~magnitude << 32 | i;
      some += magnitude == 0 ? 0 : 1;
    }
    Arrays.sort(order);
    int[] chosen = new int[Math.min(some, kept(values.length))];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (int) order[i];
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private int[] drawn(int count, long seed) {
    Draws draws = new Draws(seed);
    int[] all = all(count);
    int kept = kept(count);
    for (int i = 0; i < kept; i++) {
      int j = i + draws.below(count - i);
      int swapped = all[i];
      all[i] = all[j];
      all[j] = swapped;
    }
    int[] drawn = Arrays.copyOf(all, kept);
    Arrays.sort(drawn);
    return drawn;
  }

  /** The bytes of a range of which every value is zero. */
  static byte[] zero() {
    return new byte[] {ZERO};
  }

  /** True if every value is zero. */
  static boolean isZero(byte[] bytes) {
    return bytes.length == 1 && bytes[0] == ZERO;
  }

  /**
   * What was packed of a range that is not zero.
   *
   * @param most bytes that there can be
   */
  static ByteBuffer unpacked(byte[] bytes, Packer packer, int most) {
    if (bytes.length < 2 || bytes[0] != CODED) {
      throw malformed("its first byte says neither zero nor coded");
    }
    byte[] coded = Arrays.copyOfRange(bytes, 1, bytes.length);
    return ByteBuffer.wrap(packer.unpack(coded, most)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes of a range that is not zero. */
  static byte[] framed(byte[] coded) {
    byte[] framed = new byte[coded.length + 1];
    framed[0] = CODED;
    System.arraycopy(coded, 0, framed, 1, coded.length);
    return framed;
  }

  /** What is said of bytes that are no such range. */
  static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("a coded chunk cannot be decoded: " + why);
  }
}
