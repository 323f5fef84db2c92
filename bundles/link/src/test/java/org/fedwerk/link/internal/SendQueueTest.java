// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.metric.Measurement;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  private final SendQueue queue =
      new SendQueue(new LinkSettings.Queue(100, 1024 * 1024, 32, 100), "the broker");

  @Test
  void beyondItsMessagesAMessageIsRefusedUntilOneIsThrough() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.enter(1);
    }
    LinkException full = assertThrows(LinkException.class, () -> queue.enter(1));
    assertTrue(full.getMessage().contains("100 of at most 100 messages"), full.getMessage());
    queue.leave(1);
    queue.enter(1);
    assertTrue(queue.status().detail().endsWith("1 refused since start, queue full"));
  }

  @Test
  void beyondItsBytesALargeMessageIsRefusedAndASmallOneIsTaken() throws Exception {
    for (int i = 0; i < 10; i++) {
      queue.enter(97_280);
    }
    assertThrows(LinkException.class, () -> queue.enter(97_280));
    queue.enter(1024);
    for (int i = 0; i < 10; i++) {
      queue.leave(97_280);
    }
    queue.leave(1024);
    assertEquals(
        "0 of at most 100 messages, 0 of at most 1048576 bytes wait for the broker; 1 refused since"
            + " start, queue full",
        queue.status().detail());
  }

  @Test
  void depthAndBoundsAreMeasured() throws Exception {
    queue.enter(1024);
    Map<String, Double> told =
        queue.levels("send").stream()
            .collect(Collectors.toMap(Measurement::name, Measurement::value));
    assertEquals(
        Map.of(
            "fedwerk.queue.depth", 1.0,
            "fedwerk.queue.bound", 100.0,
            "fedwerk.queue.used", 1024.0,
            "fedwerk.queue.limit", 1048576.0),
        told);
  }
}
