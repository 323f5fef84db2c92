// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;

/**
 * A parameter vector on the device, in one piece of memory, and one view of it per layout entry:
 * what is written to a view is written to the vector. Lives as long as the manager.
 */
final class DeviceVector {
  private final NDArray whole;
  private final List<NDArray> views;

  private DeviceVector(NDArray whole, Layout layout) {
    this.whole = whole;
    List<LayoutEntry> entries = layout.entries();
    // Splitting at a place means two pieces, so the first entry's offset is none.
    NDList pieces = whole.split(entries.stream().skip(1).mapToLong(LayoutEntry::offset).toArray());
    this.views =
        IntStream.range(0, entries.size())
            .mapToObj(i -> pieces.get(i).reshape(shape(entries.get(i))))
            .toList();
  }

  /** A copy of the values. */
  static DeviceVector of(NDManager manager, NativeBuffers buffers, Layout layout, float[] values) {
    ByteBuffer buffer = buffers.take(values.length);
    buffer.asFloatBuffer().put(values);
    ByteBuffer head = NativeBuffers.head(buffer, values.length);
    try (NDArray seen = manager.create(head, new Shape(values.length), DataType.FLOAT32)) {
      // On a CPU the array above is Java's buffer itself; the copy is native memory.
      return new DeviceVector(seen.duplicate(), layout);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  static DeviceVector zeros(NDManager manager, Layout layout) {
    return new DeviceVector(manager.zeros(new Shape(layout.size())), layout);
  }

  private static Shape shape(LayoutEntry entry) {
    return new Shape(IntStream.of(entry.shape()).asLongStream().toArray());
  }

  /** The views, in the order of the layout's entries. */
  List<NDArray> views() {
    return views;
  }

  float[] values() {
    return whole.toFloatArray();
  }
}
