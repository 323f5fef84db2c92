// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.codec.internal.RangeCodecs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
  private final TestMessages sealed = new TestMessages();
  private final TestLink link = new TestLink();
  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private final TreeMap<String, ScriptedSite> sites = new TreeMap<>();
  private Coordinator coordinator = coordinator(new MemoryStorage());

  private Coordinator coordinator(MemoryStorage storage) {
    return coordinator(storage, Bench.settings());
  }

  private Coordinator coordinator(MemoryStorage storage, Settings settings) {
    Ports ports =
        new Ports(
            link,
            sealed,
            Fixtures.IDENTITY,
            storage,
            Fixtures.ARCHITECTURES,
            new RangeCodecs(),
            List.of(Fixtures.FEDAVG),
            Fixtures.READER,
            System::nanoTime,
            Clock.systemUTC());
    return new Coordinator(ports, settings);
  }

  @AfterEach
  void stop() throws InterruptedException {
    coordinator.close();
    network.shutdownNow();
    assertTrue(network.awaitTermination(10, TimeUnit.SECONDS));
  }

  /** A network thread between the coordinator and its sites. */
  private void join(String... names) {
    for (String name : names) {
      sites.put(
          name,
          new ScriptedSite(
              name,
              600,
              sealed,
              (address, payload) -> link.listeners.get(0).received(address, payload)));
    }
    link.onSend = (address, payload) -> network.execute(() -> deliver(address, payload));
  }

  private void deliver(Address address, byte[] payload) {
    for (ScriptedSite site : sites.values()) {
      if (address.branch() == Address.Branch.ALL || site.id.equals(address.site())) {
        try {
          site.receive(address, payload);
        } catch (Exception broken) {
          throw new IllegalStateException(broken);
        }
      }
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      assertFalse(never.await(10, TimeUnit.MILLISECONDS));
    }
    assertTrue(condition.getAsBoolean(), what);
  }

  @Test
  void runsATaskOnItsOwnThreadAndShowsIt() throws Exception {
    join("east", "north");
    coordinator.start();
    Digest task = coordinator.submit("press 2 2");
    await("finished", () -> coordinator.tasks().get(0).state().equals("finished"));

    assertEquals(3, coordinator.rounds("press").size());
    assertEquals(coordinator.models("press"), coordinator.models(task.hex().substring(0, 6)));
    assertEquals(
        Set.of("east", "north"), coordinator.rounds("press").get(0).evaluations().keySet());
    assertEquals(
        Optional.of(coordinator.models("press").get(2)), coordinator.tasks().get(0).model());
    List<Coordination.SiteView> views = coordinator.sites();
    assertEquals(List.of("east", "north"), views.stream().map(Coordination.SiteView::id).toList());
    assertEquals("aa", views.get(1).keyId());
    assertTrue(views.get(0).connected());
    assertTrue(views.get(0).tasks().get("press").startsWith("ready, 600/200/200"));
    assertEquals(
        List.of(StatusLine.State.READY, StatusLine.State.READY),
        coordinator.status().stream().map(StatusLine::state).toList());
  }

  @Test
  void goesOnAfterAStopInMidRound() throws Exception {
    MemoryStorage storage = new MemoryStorage();
    coordinator = coordinator(storage);
    join("east", "north");
    sites.get("north").isMute = true;
    coordinator.start();
    coordinator.submit("press 1 2");
    network.submit(() -> {}).get();
    coordinator.close();
    assertTrue(link.listeners.isEmpty());

    coordinator = coordinator(storage);
    coordinator.start();
    sites.get("north").isMute = false;
    network.submit(() -> sites.values().forEach(ScriptedSite::sync)).get();
    await(
        "finished",
        () ->
            !coordinator.tasks().isEmpty()
                && coordinator.tasks().get(0).state().equals("finished"));
  }

  @Test
  void refusesWhatCannotBeRunAndSaysWhy() throws Exception {
    coordinator.start();
    assertEquals(
        "line 3, rounds: is missing",
        assertThrows(RefusedException.class, () -> coordinator.submit("press")).getMessage());
    Digest task = coordinator.submit("press 1 2");
    assertEquals(task, coordinator.submit("press 1 2"), "the same document is the same task");
    RefusedException taken =
        assertThrows(RefusedException.class, () -> coordinator.submit("press 2 2"));
    assertTrue(taken.getMessage().contains("not finished yet"));
    link.maxPayload = 16_400;
    RefusedException large =
        assertThrows(RefusedException.class, () -> coordinator.dryRun("large 1 2"));
    assertTrue(large.getMessage().contains("use a smaller model"), large.getMessage());
    assertThrows(RefusedException.class, () -> coordinator.rounds("unknown"));
  }

  @Test
  void anOrderBeyondTheBoundIsRefusedAndSaysSo() throws Exception {
    Settings usual = Bench.settings();
    coordinator =
        coordinator(
            new MemoryStorage(),
            new Settings(
                usual.tick(),
                usual.refetch(),
                usual.rangeElements(),
                usual.queuedMessages(),
                usual.queuedBytes(),
                usual.auditRecords(),
                1,
                usual.chunks()));
    CountDownLatch works = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    link.onSend =
        (address, payload) -> {
          works.countDown();
          hold(goesOn);
        };
    coordinator.start();
    Future<Digest> first = network.submit(() -> coordinator.submit("press 2 2"));
    assertTrue(works.await(10, TimeUnit.SECONDS));
    RefusedException refused =
        assertThrows(RefusedException.class, () -> coordinator.submit("plate 2 2"));
    assertTrue(
        refused.getMessage().contains("1 orders wait already, as many as queue.orders allows"),
        refused.getMessage());
    goesOn.countDown();
    first.get(10, TimeUnit.SECONDS);
    coordinator.pause("press", "karl");
  }

  private static void hold(CountDownLatch goesOn) {
    try {
      assertTrue(goesOn.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aModelBeyondTheTasksBudgetIsRefusedBeforeAnyRound() throws Exception {
    coordinator.start();
    RefusedException refused =
        assertThrows(RefusedException.class, () -> coordinator.submit("tight 1 2"));
    assertEquals(
        List.of("model.budget.parameters", "model.budget.bytes-per-round"),
        refused.refusals().stream().map(Refusal::where).toList());
    assertTrue(refused.getMessage().contains("has 10 parameters, the budget 9"));
    assertTrue(coordinator.tasks().isEmpty());
  }

  @Test
  void aDryRunTellsLayoutAndBytesAndSubmitsNothing() throws Exception {
    coordinator.start();
    Coordination.DryRun dry = coordinator.dryRun("press 5 1");
    assertEquals(10, dry.parameters());
    assertTrue(dry.layout().contains("dense1.weight SHARED [2, 4] 0"));
    assertTrue(dry.bytesDown() >= 40 && dry.bytesUp() >= 40);
    assertTrue(dry.notes().stream().anyMatch(note -> note.contains("before 2 sites are ready")));
    assertTrue(coordinator.tasks().isEmpty());
  }

  @Test
  void aWaitingTaskSaysWhatItWaitsFor() throws Exception {
    join("east");
    coordinator.start();
    coordinator.submit("press 1 2");
    await("east is known", () -> !coordinator.sites().get(0).tasks().isEmpty());
    StatusLine line = coordinator.status().get(1);
    assertEquals(StatusLine.State.WAITING, line.state());
    assertTrue(line.detail().contains("2 are needed"), line.detail());
    link.isUp = false;
    assertEquals(StatusLine.State.DEGRADED, coordinator.status().get(0).state());
  }
}
