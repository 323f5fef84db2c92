// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.task.Coding;

/**
 * A range that is one entry, as factors of few columns (docs/wire.md).
 *
 * <p>Bytes: 0 alone, where all values are zero; else 1, then the number of columns, one byte, the
 * columns of the left factor one after the other, and those of the right one, each factor rounded
 * by itself. Packed, all behind the first byte is one zlib stream or Zstandard frame.
 */
final class LowRankRange implements RangeCodec {
  private final Matrix shape;
  private final Coding spec;
  private final Packer packer;

  /**
   * A codec of one entry.
   *
   * @param spec with a rank of at most 255
   */
  LowRankRange(Matrix shape, Coding spec, Packer packer) {
    this.shape = shape;
    this.spec = spec;
    this.packer = packer;
  }

  @Override
  public byte[] encode(float[] values, long roundingSeed, long maskSeed) {
    Factors factors = Factors.of(values, shape, spec.rank(), new Draws(maskSeed));
    int columns = factors.left().size();
    if (columns == 0) {
      return CodedRange.zero();
    }
    return write(
        flat(factors.left(), shape.rows()),
        flat(factors.right(), shape.columns()),
        columns,
        roundingSeed);
  }

  private byte[] write(float[] left, float[] right, int columns, long roundingSeed) {
    ByteBuffer out = ByteBuffer.allocate(bytes(columns)).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) columns);
    Draws draws = new Draws(roundingSeed);
    Values.write(spec.precision(), left, draws, out);
    Values.write(spec.precision(), right, draws, out);
    return CodedRange.framed(packer.pack(out.array()));
  }

  /** About how many bytes it becomes: of factors drawn by chance, as the entry may be large. */
  int payload(long seed) {
    int columns = spec.rank();
    float[] left = UpdateSize.drawn(columns * shape.rows(), seed);
    float[] right = UpdateSize.drawn(columns * shape.columns(), seed + 1);
    return write(left, right, columns, seed).length;
  }

  private int bytes(int columns) {
    return 1
        + Values.bytes(spec.precision(), columns * shape.rows())
        + Values.bytes(spec.precision(), columns * shape.columns());
  }

  private static float[] flat(List<double[]> columns, int length) {
    float[] flat = new float[columns.size() * length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) columns.get(i / length)[i % length];
    }
    return flat;
  }

  @Override
  public void decode(byte[] bytes, float[] into) {
    decode(bytes, into.length, 0, into);
  }

  @Override
  public void decode(byte[] bytes, int count, int from, float[] into) {
    if (count != shape.size()) {
      throw CodedRange.malformed("it is of " + count + " values, its entry has " + shape.size());
    }
    Arrays.fill(into, 0);
    if (CodedRange.isZero(bytes)) {
      return;
    }
    ByteBuffer in = CodedRange.unpacked(bytes, packer, bytes(spec.rank()));
    try {
      int columns = in.get() & 0xff;
      if (columns < 1 || columns > spec.rank()) {
        throw CodedRange.malformed("it has " + columns + " columns, the rank is " + spec.rank());
      }
      float[] left = Values.read(spec.precision(), columns * shape.rows(), in);
      float[] right = Values.read(spec.precision(), columns * shape.columns(), in);
      product(left, right, columns, from, into);
    } catch (BufferUnderflowException tooShort) {
      throw CodedRange.malformed("it ends before its values do");
    }
    if (in.hasRemaining()) {
      throw CodedRange.malformed("there is more behind its values");
    }
  }

  private void product(float[] left, float[] right, int columns, int from, float[] into) {
    for (int k = 0; k < into.length; k++) {
      int row = (from + k) / shape.columns();
      int column = (from + k) % shape.columns();
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += (double) left[c * shape.rows() + row] * right[c * shape.columns() + column];
      }
      into[k] = (float) sum;
    }
  }
}
