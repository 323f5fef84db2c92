// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Draws with replacement: first a class that occurs, each as likely as any other, then one of its
 * examples. An epoch is as long as there are examples. java.util.Random for the reason that {@link
 * BatchOrder} gives.
 */
final class BalancedOrder implements ExampleOrder {
  private final Random random;
  private final List<int[]> examples;
  private final int[] order;

  BalancedOrder(int[] classes, long seed) {
    random = new Random(seed);
    order = new int[classes.length];
    Map<Integer, int[]> byClass = new TreeMap<>();
    for (int k : Arrays.stream(classes).distinct().toArray()) {
      byClass.put(k, IntStream.range(0, classes.length).filter(i -> classes[i] == k).toArray());
    }
    examples = List.copyOf(byClass.values());
  }

  @Override
  public int[] nextEpoch() {
    for (int i = 0; i < order.length; i++) {
      int[] some = examples.get(random.nextInt(examples.size()));
      order[i] = some[random.nextInt(some.length)];
    }
    return order;
  }
}
