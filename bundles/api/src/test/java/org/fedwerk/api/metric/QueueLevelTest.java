// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueLevelTest {
  private static void tells(List<Measurement> told, String depth, String bound, String unit) {
    assertEquals(List.of(depth, bound), told.stream().map(Measurement::name).toList());
    assertEquals(List.of(3.0, 64.0), told.stream().map(Measurement::value).toList());
    for (Measurement each : told) {
      assertEquals(unit, each.unit());
      assertEquals(Map.of("queue", "intake"), each.tags());
      assertEquals(Measurement.Kind.GAUGE, each.kind());
    }
  }

  @Test
  void aQueueTellsItsDepthAndItsBound() {
    QueueLevel level = new QueueLevel("intake", 3, 64);
    tells(level.things(), "fedwerk.queue.depth", "fedwerk.queue.bound", "");
    tells(level.bytes(), "fedwerk.queue.used", "fedwerk.queue.limit", "bytes");
  }

  @Test
  void aQueueWithoutBoundOrNameIsNone() {
    assertThrows(IllegalArgumentException.class, () -> new QueueLevel("intake", 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new QueueLevel("", 0, 1));
  }
}
