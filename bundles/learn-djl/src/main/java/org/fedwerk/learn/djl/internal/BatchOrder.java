// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Random;

/**
 * The order of examples in training: a fresh permutation each epoch.
 *
 * <p>java.util.Random, because its numbers are fixed by its contract: a training manifest must mean
 * the same order on every Java runtime. Nothing here is a secret.
 */
final class BatchOrder implements ExampleOrder {
  private final Random random;
  private final int[] order;

  BatchOrder(int count, long seed) {
    random = new Random(seed);
    order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
  }

  /** Fisher and Yates's shuffle; the same array every time. */
  @Override
  public int[] nextEpoch() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
