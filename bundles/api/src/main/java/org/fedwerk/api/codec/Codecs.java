// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.codec;

import java.util.List;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.CompressionSpec;

/** Makes codecs. Implemented by the codec room; any thread may call. */
public interface Codecs {
  /** Float32, value by value. */
  RangeCodec plain();

  /** A codec of ranges that are no entries, of which all values travel where others are factors. */
  RangeCodec coded(Coding coding);

  /**
   * The ranges of a task's updates, in order and without gaps: as the plan cuts them. Of low rank,
   * an entry that has two dimensions or more, and fewer values as factors, is a range by itself,
   * however large; what lies between such entries is cut as the plan says.
   *
   * @param layout of the vector that travels
   * @param rangeElements elements per range of the plan
   * @throws IllegalArgumentException if an entry, which is named, has factors of more values than
   *     the plan's ranges, or if there are more ranges than a manifest names by itself
   */
  List<UpdateRange> updates(CompressionSpec spec, Layout layout, int rangeElements);

  /**
   * The ranges in which sites that have the version before get a task's new ones: of the change
   * where models travel as changes, else of the model.
   *
   * @param elements of the vector that travels, at least 1
   * @param rangeElements elements per range of the plan
   */
  List<UpdateRange> models(CompressionSpec spec, int elements, int rangeElements);

  /**
   * About how many bytes a vector in ranges becomes, without the message that names them. How well
   * values pack depends on them; here they are drawn by chance, which packs no better than an
   * update.
   */
  long payload(List<UpdateRange> ranges);
}
