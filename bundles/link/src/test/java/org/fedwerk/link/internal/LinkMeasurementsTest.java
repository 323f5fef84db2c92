// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.fedwerk.link.internal.CamelLinkTest.await;
import static org.fedwerk.link.internal.CamelLinkTest.from;
import static org.fedwerk.link.internal.CamelLinkTest.send;
import static org.fedwerk.link.internal.CamelLinkTest.to;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.fedwerk.api.link.Throughput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkMeasurementsTest {
  @TempDir Path folder;
  private Federation federation;

  @BeforeEach
  void found() throws Exception {
    federation = new Federation(folder, "plants");
  }

  @AfterEach
  void disband() throws Exception {
    federation.close();
  }

  @Test
  void whatPassesIsMeasuredAndSoIsEachConnection() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    Ear hqEar = Ear.at(hq).connects();
    Ear.at(site).connects();
    send(site, from("a"), "twelve bytes");
    hqEar.expect("sync twelve bytes");
    assertEquals(12, measured(site, "fedwerk.link.sent"));
    assertEquals(12, measured(hq, "fedwerk.link.received"));
    assertEquals(0, measured(site, "fedwerk.link.queue"));
    await(() -> measured(site, "fedwerk.link.inflight") == 0);
    assertEquals(1, measured(site, "fedwerk.link.up"));
    assertEquals(Throughput.NONE, site.sent(), "of a small message only the delay would show");
    String large = "x".repeat(Throughput.LEAST_BYTES);
    send(site, from("a"), large);
    hqEar.expect("sync " + large);
    await(() -> site.sent().bytesPerSecond().isPresent());
    assertEquals(large.length(), site.sent().bytes());

    federation.stopBroker();
    hqEar.loses();
    await(() -> measured(site, "fedwerk.link.up") == 0);
    federation.startBroker();
    await(() -> measured(site, "fedwerk.link.connections") == 2);
    assertEquals(0, measured(site, "fedwerk.link.failures"));
  }

  private static double measured(CamelLink link, String name) {
    return link.measurements().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void whatCameAndNobodyTakesYetIsMeasuredAndHasABound() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    Ear.at(hq).connects();
    CamelLink site = federation.link(federation.site("a"));
    await(() -> measured(site, "fedwerk.link.up") == 1);
    for (int each = 0; each < 3; each++) {
      send(hq, to("a"), "message " + each);
    }
    await(() -> queue(site, "fedwerk.queue.depth", "receive") == 3);
    assertEquals(
        2 * LinkSettings.Queue.DEFAULTS.receive(), queue(site, "fedwerk.queue.bound", "receive"));
    Ear ear = Ear.at(site).connects();
    for (int each = 0; each < 3; each++) {
      ear.expect("receipt message " + each);
    }
    await(() -> queue(site, "fedwerk.queue.depth", "receive") == 0);
  }

  private static double queue(CamelLink link, String name, String queue) {
    return link.measurements().stream()
        .filter(each -> each.name().equals(name) && each.tags().containsValue(queue))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
