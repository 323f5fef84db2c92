// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.Coding;

/** Cuts an update into ranges. */
final class UpdateCut {
  private final RangeCodec codec;
  private final int rangeElements;
  private final List<UpdateRange> ranges = new ArrayList<>();

  /**
   * Nothing is cut yet.
   *
   * @param codec of ranges that are no matrix
   * @param rangeElements most elements of one of them
   */
  UpdateCut(RangeCodec codec, int rangeElements) {
    this.codec = codec;
    this.rangeElements = rangeElements;
  }

  /** As many elements in each, but for the last. */
  List<UpdateRange> evenly(int size) {
    add(0, size);
    return List.copyOf(ranges);
  }

  /** Each entry that is smaller as factors by itself, the elements between them evenly. */
  List<UpdateRange> atMatrices(Layout layout, Coding coding) {
    int next = 0;
    for (LayoutEntry entry : layout.entries()) {
      Optional<Matrix> matrix = Matrix.of(entry).filter(each -> each.isWorth(coding.rank()));
      if (matrix.isPresent()) {
        requireFit(entry, matrix.get(), coding.rank());
        add(next, entry.offset());
        Packer packer = Packer.of(coding.packing());
        RangeCodec factors = new LowRankRange(matrix.get(), coding, packer);
        ranges.add(new UpdateRange(entry.offset(), entry.size(), factors));
        next = entry.offset() + entry.size();
      }
    }
    add(next, layout.size());
    requireFew();
    return List.copyOf(ranges);
  }

  private void add(int from, int to) {
    for (int at = from; at < to; at += rangeElements) {
      ranges.add(new UpdateRange(at, Math.min(rangeElements, to - at), codec));
    }
  }

  private void requireFit(LayoutEntry entry, Matrix matrix, int rank) {
    if (matrix.factorElements(rank) > rangeElements) {
      long most = rangeElements / matrix.factorElements(1);
      throw new IllegalArgumentException(
          "the entry "
              + entry.name()
              + " of "
              + matrix.rows()
              + " x "
              + matrix.columns()
              + " values has factors of "
              + matrix.factorElements(rank)
              + ", and a chunk holds "
              + rangeElements
              + "; use "
              + (most == 0 ? "values: top-k" : "a rank of at most " + most));
    }
  }

  /** Pieces of a longer list would be as long as its first range, which may be a large entry. */
  private void requireFew() {
    if (ranges.size() > Section.MOST_INLINE) {
      throw new IllegalArgumentException(
          "the model is cut at its entries into "
              + ranges.size()
              + " ranges, and a manifest names "
              + Section.MOST_INLINE
              + "; use top-k, or a model of fewer layers");
    }
  }
}
