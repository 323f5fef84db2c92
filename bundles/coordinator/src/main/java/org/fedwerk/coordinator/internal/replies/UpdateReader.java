// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.replies;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Section;

/**
 * Reads the updates of a task, whose chunks are cut as their coding wants it, in the ranges of its
 * model. Of a chunk that is larger than a range, no more than a range is decoded at a time. Any
 * thread.
 */
public final class UpdateReader {
  private final List<UpdateRange> cut;
  private final int rangeElements;

  /**
   * A reader.
   *
   * @param cut the ranges of each update
   * @param rangeElements most elements of a range of the model
   */
  public UpdateReader(List<UpdateRange> cut, int rangeElements) {
    this.cut = List.copyOf(cut);
    this.rangeElements = rangeElements;
  }

  /** Most elements of a range of the model. */
  public int rangeElements() {
    return rangeElements;
  }

  /** The ranges of each update. */
  public List<UpdateRange> cut() {
    return cut;
  }

  /** Number of chunks of an update. */
  public int chunks() {
    return cut.size();
  }

  /** The first of a section's chunks that is not in the ranges of an update; empty if none. */
  public Optional<Chunk> unfit(Section delta) {
    for (int i = 0; i < delta.chunks().size(); i++) {
      Chunk chunk = delta.chunks().get(i);
      UpdateRange range = cut.get(Math.min(i, cut.size() - 1));
      if (chunk.from() != range.from() || chunk.count() != range.count()) {
        return Optional.of(chunk);
      }
    }
    return Optional.empty();
  }

  /** True if the bytes can be decoded as the chunk, and every value is finite. */
  public boolean isSound(Chunk chunk, byte[] bytes) {
    if (bytes.length != chunk.bytes()) {
      return false;
    }
    UpdateRange range = cut.get(indexAt(chunk.from()));
    try {
      for (int from = 0; from < chunk.count(); from += rangeElements) {
        float[] values = new float[Math.min(rangeElements, chunk.count() - from)];
        range.codec().decode(bytes, chunk.count(), from, values);
        for (float value : values) {
          if (!Float.isFinite(value)) {
            return false;
          }
        }
      }
      return true;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /**
   * Reads a part of an update.
   *
   * @param update in the ranges of an update
   * @param blobs gives the bytes of a chunk
   * @param from first element
   * @param into takes the values; its length is that of the part
   */
  public void read(Section update, Function<Digest, byte[]> blobs, int from, float[] into) {
    int end = from + into.length;
    int index = indexAt(from);
    for (int at = from; at < end; index++) {
      UpdateRange range = cut.get(index);
      byte[] bytes = blobs.apply(update.chunks().get(index).digest());
      int count = Math.min(end, range.from() + range.count()) - at;
      if (count == into.length) {
        range.codec().decode(bytes, range.count(), at - range.from(), into);
      } else {
        float[] part = new float[count];
        range.codec().decode(bytes, range.count(), at - range.from(), part);
        System.arraycopy(part, 0, into, at - from, count);
      }
      at += count;
    }
  }

  /** The range that an element is in. */
  private int indexAt(int element) {
    int low = 0;
    int high = cut.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (cut.get(middle).from() <= element) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
