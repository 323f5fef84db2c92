// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;

/**
 * A parameter vector on the device, one tensor per layout entry. They share no memory: a part of a
 * tensor is a view on PyTorch and a copy on MXNet. Lives as long as the manager.
 */
final class DeviceVector {
  private final Layout layout;
  private final List<NDArray> tensors;

  private DeviceVector(Layout layout, List<NDArray> tensors) {
    this.layout = layout;
    this.tensors = List.copyOf(tensors);
  }

  /** A copy of the values. */
  static DeviceVector of(NDManager manager, NativeBuffers buffers, Layout layout, float[] values) {
    int most = layout.entries().stream().mapToInt(LayoutEntry::size).max().orElse(0);
    ByteBuffer buffer = buffers.take(most);
    try {
      List<NDArray> tensors = new ArrayList<>();
      for (LayoutEntry entry : layout.entries()) {
        buffer.asFloatBuffer().put(values, entry.offset(), entry.size());
        ByteBuffer head = NativeBuffers.head(buffer, entry.size());
        try (NDArray seen = manager.create(head, shape(entry), DataType.FLOAT32)) {
          // On a CPU PyTorch's array is Java's buffer itself; the copy is native memory.
          tensors.add(seen.duplicate());
        }
      }
      return new DeviceVector(layout, tensors);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  static DeviceVector zeros(NDManager manager, Layout layout) {
    return new DeviceVector(
        layout, layout.entries().stream().map(entry -> manager.zeros(shape(entry))).toList());
  }

  private static Shape shape(LayoutEntry entry) {
    return new Shape(IntStream.of(entry.shape()).asLongStream().toArray());
  }

  /** In the order of the layout's entries. */
  List<NDArray> tensors() {
    return tensors;
  }

  /** A copy of all values, in the layout's order. */
  float[] values() {
    float[] values = new float[layout.size()];
    for (int i = 0; i < tensors.size(); i++) {
      LayoutEntry entry = layout.entries().get(i);
      System.arraycopy(tensors.get(i).toFloatArray(), 0, values, entry.offset(), entry.size());
    }
    return values;
  }
}
