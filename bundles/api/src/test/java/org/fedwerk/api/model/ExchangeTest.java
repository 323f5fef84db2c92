// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.task.LocalSpec;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private static final Network NETWORK =
      new Network(
          List.of(),
          new Layout(
              List.of(
                  entry("dense1.weight", 2, 0),
                  entry("dense2.weight", 3, 2),
                  entry("dense3.weight", 1, 5))),
          new int[] {1},
          1);

  private static LayoutEntry entry(String name, int size, int offset) {
    return new LayoutEntry(name, new int[] {size}, offset, ParameterRole.SHARED);
  }

  private static Exchange exchange(boolean scaffold, String... layers) {
    return Exchange.of(
        NETWORK,
        new LocalSpec(scaffold, List.of(layers), 0, 0, 0, false, LocalSpec.FineTune.NONE, 1));
  }

  @Test
  void withoutMoreWordsTheNetworksVectorTravelsAsItIs() {
    Exchange plain = exchange(false);
    assertEquals(NETWORK.layout().digest(), plain.layout().digest());
    float[] vector = {1, 2, 3, 4, 5, 6};
    assertSame(vector, plain.travelling(vector), "a large vector is not copied");
    assertSame(vector, plain.whole(vector, new float[0]));
    assertFalse(plain.hasControl());
  }

  @Test
  void theModelsOfClustersFollowEachOtherAndBeginElsewhere() {
    LocalSpec two = new LocalSpec(false, List.of(), 0, 0, 0, false, LocalSpec.FineTune.NONE, 2);
    Exchange exchange = Exchange.of(NETWORK, two);
    assertEquals(12, exchange.layout().size());
    assertEquals("cluster2.dense2.weight", exchange.layout().entries().get(4).name());
    float[] first = exchange.first(seed -> new float[] {seed, 0, 0, 0, 0, -seed}, 7);
    assertArrayEquals(new float[] {7, 0, 0, 0, 0, -7, 8, 0, 0, 0, 0, -8}, first);
    assertArrayEquals(new float[] {8, 0, 0, 0, 0, -8}, exchange.ofCluster(first, 1));
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6},
        exchange.forCluster(new float[] {1, 2, 3, 4, 5, 6}, 1));
    assertEquals(0, exchange.clusterAt(5));
    assertEquals(1, exchange.clusterAt(6));
    assertFalse(exchange.hasControl());
  }

  @Test
  void layersThatStayAreLeftOutAndPutBack() {
    Exchange exchange = exchange(false, "dense2");
    float[] vector = {1, 2, 3, 4, 5, 6};
    assertArrayEquals(new float[] {1, 2, 6}, exchange.travelling(vector));
    assertArrayEquals(new float[] {3, 4, 5}, exchange.local(vector));
    assertArrayEquals(
        new float[] {7, 8, 3, 4, 5, 9},
        exchange.whole(new float[] {7, 8, 9}, exchange.local(vector)));
    assertEquals(ParameterRole.LOCAL, exchange.network().entries().get(1).role());
  }

  @Test
  void aControlVariateFollowsTheParametersThatTravel() {
    Exchange exchange = exchange(true, "dense2");
    assertTrue(exchange.hasControl());
    assertEquals(3, exchange.parameters());
    assertEquals(6, exchange.layout().size());
    assertEquals("control.dense3.weight", exchange.layout().entries().get(3).name());
    assertArrayEquals(
        new float[] {1, 2, 6, 0, 0, 0}, exchange.travelling(new float[] {1, 2, 3, 4, 5, 6}));
  }

  /** dense1 is not dense10. */
  @Test
  void aLayersNameIsTakenWhole() {
    assertEquals(6, exchange(false, "dense").layout().size());
  }
}
