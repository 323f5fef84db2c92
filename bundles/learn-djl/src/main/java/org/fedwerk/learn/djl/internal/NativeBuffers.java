// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Buffers that native code reads in place, for use again and again: Java frees such memory only
 * when its garbage collector comes by, which may be long after hundreds of megabytes.
 */
final class NativeBuffers {
  /** Vector code sums in another order, so with other bits, where data begins elsewhere. */
  private static final int ALIGNMENT = 64;

  private static final int LEAST_BYTES = 64 << 10;
  private static final int MOST_BYTES_KEPT = 16 << 20;

  private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  /** A buffer for at least so many floats, of unknown content; give it back after use. */
  ByteBuffer take(int floats) {
    int bytes = Math.multiplyExact(floats, Float.BYTES);
    ByteBuffer buffer = free.poll();
    return buffer != null && buffer.capacity() >= bytes ? buffer : allocate(bytes);
  }

  /** To be called when no array over the buffer is left. */
  void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() <= MOST_BYTES_KEPT) {
      free.add(buffer);
    }
  }

  /** Powers of two, so that growing needs lead to few buffers that are too small. */
  private static ByteBuffer allocate(int bytes) {
    int size = bytes;
    if (bytes <= MOST_BYTES_KEPT) {
      size = Math.max(LEAST_BYTES, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
    }
    return ByteBuffer.allocateDirect(Math.addExact(size, 2 * ALIGNMENT))
        .alignedSlice(ALIGNMENT)
        .slice(0, size)
        .order(ByteOrder.nativeOrder());
  }

  /** The first floats of a buffer as a buffer of their own. */
  static ByteBuffer head(ByteBuffer buffer, int floats) {
    return buffer.slice(0, floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
