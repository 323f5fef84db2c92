// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.link.Address;
import org.fedwerk.codec.internal.RangeCodecs;

/** A coordinator and sites in one thread, with a clock that the test moves. */
final class Bench {
  final TestMessages sealed = new TestMessages();
  final Map<String, ScriptedSite> sites = new TreeMap<>();
  final Deque<TestLink.Delivery> arriving = new ArrayDeque<>();
  final Deque<Runnable> soon = new ArrayDeque<>();
  MemoryStorage storage = new MemoryStorage();
  TestLink link = new TestLink();
  Refusals refusals;
  Desk desk;
  Digest task;
  long now = 1_000_000_000L;

  /** The rule that the next coordinator has. */
  Aggregator aggregator = Fixtures.FEDAVG;

  Bench(String... names) {
    int weight = 600;
    for (String name : names) {
      sites.put(
          name,
          new ScriptedSite(
              name,
              weight,
              sealed,
              (address, payload) -> arriving.add(new TestLink.Delivery(address, payload, false))));
      weight += 100;
    }
    open();
  }

  Ports ports() {
    return new Ports(
        link,
        sealed,
        Fixtures.IDENTITY,
        storage,
        Fixtures.ARCHITECTURES,
        new RangeCodecs(),
        List.of(aggregator),
        Fixtures.READER,
        () -> now,
        Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  static Settings settings() {
    return new Settings(
        Duration.ofMillis(100), Duration.ofSeconds(2), Fixtures.RANGE, 1000, 1 << 20, 10);
  }

  private void open() {
    refusals = new Refusals(() -> now);
    desk = new Desk(ports(), settings(), refusals, soon::add);
    desk.resume();
    desk.connected();
  }

  /** The coordinator's process is killed and starts again on what its disk holds. */
  void restart() {
    storage = storage.copy();
    link = new TestLink();
    arriving.clear();
    soon.clear();
    now = 5;
    open();
    sites.values().forEach(ScriptedSite::sync);
  }

  void submit(String yaml) throws Exception {
    task = desk.submit(yaml);
  }

  /** Each site follows one more task, as another of its kind that keeps apart from the first. */
  void alsoFor(String yaml) {
    Digest other = Digest.of(yaml.getBytes(StandardCharsets.UTF_8));
    for (ScriptedSite first : List.copyOf(sites.values())) {
      first.only = task;
      ScriptedSite second =
          new ScriptedSite(
              first.id,
              first.weight,
              sealed,
              (address, payload) -> arriving.add(new TestLink.Delivery(address, payload, false)));
      second.only = other;
      sites.put(first.id + " for " + other.brief(), second);
    }
  }

  /** Delivers one message, or runs one thing that waits. @return false if there was nothing */
  boolean deliverOne() throws Exception {
    if (!soon.isEmpty()) {
      soon.poll().run();
    } else if (!link.sent.isEmpty()) {
      TestLink.Delivery out = link.sent.poll();
      for (ScriptedSite site : sites.values()) {
        if (out.address().branch() == Address.Branch.ALL || site.id.equals(out.address().site())) {
          site.receive(out.address(), out.payload());
        }
      }
    } else if (!arriving.isEmpty()) {
      TestLink.Delivery in = arriving.poll();
      desk.received(in.address(), in.payload());
    } else {
      return false;
    }
    return true;
  }

  /** Delivers until all is quiet. */
  void settle() throws Exception {
    int steps = 0;
    while (deliverOne()) {
      if (++steps > 100_000) {
        throw new AssertionError("messages go in circles");
      }
    }
  }

  void pass(Duration time) throws Exception {
    now += time.toNanos();
    desk.tick();
    settle();
  }

  Snapshot.TaskFacts facts() {
    return desk.snapshot().tasks().get(0);
  }

  ScriptedSite site(String name) {
    return sites.get(name);
  }
}
