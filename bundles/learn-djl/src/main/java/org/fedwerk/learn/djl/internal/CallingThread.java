// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Brings the configured number of threads to the thread that calls. libtorch tells OpenMP of it
 * when a thread first runs an operation over so many elements that it may be divided; until then a
 * convolution takes as many threads as there are cores, and its bits depend on that.
 */
final class CallingThread {
  /** More than libtorch's at::internal::GRAIN_SIZE, 32768. */
  private static final int DIVISIBLE = 1 << 17;

  private static final ThreadLocal<Boolean> READY = ThreadLocal.withInitial(() -> false);

  private CallingThread() {}

  /** Before the first operation of a training or prediction. */
  static void prepare(NDManager manager) {
    if (READY.get()) {
      return;
    }
    try (NDManager scope = manager.newSubManager()) {
      scope.zeros(new Shape(DIVISIBLE)).addi(1);
    }
    READY.set(true);
  }
}
