// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.codec;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.CompressionSpec.Sparsity;

/**
 * The values of a range of an update as bytes and back (docs/wire.md). A range is coded on its own.
 * Pure; any thread may call.
 *
 * <p>Bytes: 0 alone, where all values are zero and nothing else is coded; else 1, then which values
 * these are, then the values. All values: nothing. The largest: their number, then for each how far
 * it is from the one before, whole numbers in groups of seven bits, least first. Drawn ones: the
 * seed, eight bytes. Packed, all behind the first byte is a zlib stream.
 */
public final class RangeCodec {
  private static final byte ZERO = 0;
  private static final byte CODED = 1;

  /** A range is never longer; a packed chunk may not unpack to more. */
  private static final int MOST_BYTES = 1 << 22;

  private final CompressionSpec spec;

  /** A codec as a task wants it. */
  public RangeCodec(CompressionSpec spec) {
    this.spec = spec;
  }

  /**
   * Codes a range.
   *
   * @param values finite
   * @param roundingSeed of rounding by chance
   * @param maskSeed of the draw, the same at all sites
   */
  public byte[] encode(float[] values, long roundingSeed, long maskSeed) {
    if (!spec.isCoded()) {
      return Float32.encode(values, 0, values.length);
    }
    int[] chosen = chosen(values, maskSeed);
    float[] sent = new float[chosen.length];
    boolean zero = true;
    for (int i = 0; i < sent.length; i++) {
      sent[i] = values[chosen[i]] * factor(values.length, chosen.length);
      zero &= sent[i] == 0;
    }
    if (zero) {
      return new byte[] {ZERO};
    }
    ByteBuffer out =
        ByteBuffer.allocate(9 + 5 * chosen.length + Values.bytes(spec.precision(), sent.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (spec.sparsity() == Sparsity.TOP_K) {
      positions(chosen, out);
    } else if (spec.sparsity() == Sparsity.MASK) {
      out.putLong(maskSeed);
    }
    Values.write(spec.precision(), sent, new Draws(roundingSeed), out);
    byte[] coded = Arrays.copyOf(out.array(), out.position());
    return framed(spec.deflate() ? packed(coded) : coded);
  }

  /**
   * Decodes a range.
   *
   * @param into takes the values; its length is that of the range
   * @throws IllegalArgumentException if the bytes are not such a range
   */
  public void decode(byte[] bytes, float[] into) {
    if (!spec.isCoded()) {
      if (bytes.length != Float.BYTES * into.length) {
        throw malformed("it has " + bytes.length + " bytes");
      }
      Float32.decode(bytes, into, 0, into.length);
      return;
    }
    Arrays.fill(into, 0);
    if (bytes.length == 1 && bytes[0] == ZERO) {
      return;
    }
    if (bytes.length < 2 || bytes[0] != CODED) {
      throw malformed("its first byte says neither zero nor coded");
    }
    byte[] coded = Arrays.copyOfRange(bytes, 1, bytes.length);
    ByteBuffer in =
        ByteBuffer.wrap(spec.deflate() ? unpacked(coded) : coded).order(ByteOrder.LITTLE_ENDIAN);
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
      case NONE -> all(values.length);
      case TOP_K -> largest(values);
      case MASK -> drawn(values.length, maskSeed);
    };
  }

  private int[] chosen(ByteBuffer in, int count) {
    return switch (spec.sparsity()) {
      case NONE -> all(count);
      case TOP_K -> positions(in, count);
      case MASK -> drawn(count, in.getLong());
    };
  }

  private static int[] all(int count) {
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /** Ascending positions; of equal magnitudes the first. */
  private int[] largest(float[] values) {
    long[] order = new long[values.length];
    for (int i = 0; i < order.length; i++) {
      // Magnitudes of floats are in the order of their bits.
      int magnitude = Float.floatToRawIntBits(Math.abs(values[i]));
      order[i] = (long) ~magnitude << 32 | i;
    }
    Arrays.sort(order);
    int[] chosen = new int[kept(values.length)];
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

  private static void positions(int[] chosen, ByteBuffer out) {
    number(chosen.length, out);
    int before = -1;
    for (int position : chosen) {
      number(position - before - 1, out);
      before = position;
    }
  }

  private static int[] positions(ByteBuffer in, int count) {
    int kept = number(in);
    if (kept > count) {
      throw malformed("it has " + kept + " values of " + count);
    }
    int[] chosen = new int[kept];
    long before = -1;
    for (int i = 0; i < kept; i++) {
      before += number(in) + 1L;
      if (before >= count) {
        throw malformed("a value stands behind its end");
      }
      chosen[i] = (int) before;
    }
    return chosen;
  }

  private static void number(int value, ByteBuffer out) {
    int rest = value;
    while (rest > 0x7f) {
      out.put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static int number(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number in it is too long");
  }

  private static byte[] framed(byte[] coded) {
    byte[] framed = new byte[coded.length + 1];
    framed[0] = CODED;
    System.arraycopy(coded, 0, framed, 1, coded.length);
    return framed;
  }

  private static byte[] packed(byte[] coded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(coded);
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException("a byte array refused to grow", impossible);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      while (!inflater.finished()) {
        int count = inflater.inflate(some);
        if (count == 0 && !inflater.finished()) {
          throw malformed("it is cut");
        }
        bytes.write(some, 0, count);
        if (bytes.size() > MOST_BYTES) {
          throw malformed("it unpacks to more than a range can be");
        }
      }
      return bytes.toByteArray();
    } catch (DataFormatException malformed) {
      throw malformed("it cannot be unpacked");
    } finally {
      inflater.end();
    }
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("a chunk of the update cannot be decoded: " + why);
  }
}
