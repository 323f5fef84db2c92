// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;

class OrdersTest {
  private static final String TASK = "press 3 2";

  private static void order(Bench bench, Orders.Kind kind) throws Exception {
    bench.desk.order(
        bench.task, new Orders.Order(kind, "ops", kind == Orders.Kind.ABORT ? "why" : ""));
  }

  private static String refusal(Bench bench, Orders.Kind kind) {
    return String.valueOf(
        assertThrows(RefusedException.class, () -> order(bench, kind)).getMessage());
  }

  private static Body.Plan last(Bench bench, String site) {
    List<Body.Plan> plans = bench.site(site).plans;
    return plans.get(plans.size() - 1);
  }

  /** A task whose first round's training waits for north. */
  private static Bench training() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit(TASK);
    while (!bench.facts().run().phase().equals("train")) {
      bench.deliverOne();
    }
    bench.site("north").isMute = true;
    bench.settle();
    assertEquals(Set.of("north"), bench.facts().run().waitingFor().keySet());
    return bench;
  }

  @Test
  void aPausedTaskTakesTheRepliesOfItsPhaseAndBeginsNothingUntilItIsResumed() throws Exception {
    Bench bench = training();
    order(bench, Orders.Kind.PAUSE);
    bench.settle();
    assertEquals("paused", bench.facts().run().state());
    assertEquals("paused by ops", bench.facts().run().note());
    assertEquals(StatusLine.State.WAITING, bench.facts().status().state());
    assertEquals("paused by ops", last(bench, "east").note());
    assertEquals("train", last(bench, "east").request());

    bench.pass(Duration.ofMinutes(10));
    assertTrue(bench.link.sent.isEmpty(), "nobody is asked again");
    bench.restart();
    bench.settle();
    assertEquals("paused", bench.facts().run().state(), "a kill changes nothing");

    bench.site("north").isMute = false;
    bench.site("north").sync();
    bench.settle();
    assertEquals("waiting", last(bench, "north").request());
    assertEquals("paused by ops", last(bench, "north").note());
    assertEquals("evaluate", bench.facts().run().phase(), "held back");
    assertEquals(0, bench.facts().rounds().size());

    order(bench, Orders.Kind.RESUME);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertTrue(bench.facts().rounds().get(0).missing().isEmpty(), "what both did counts");
    assertEquals(
        List.of("paused ops 1", "resumed ops 1"),
        bench.facts().acts().stream()
            .map(act -> act.what() + " " + act.by() + " " + act.round())
            .toList());
  }

  @Test
  void pauseResumeAndKillsChangeNoModel() throws Exception {
    Bench undisturbed = new Bench("east", "north");
    undisturbed.submit(TASK);
    undisturbed.settle();
    for (int steps = 1; steps < 160; steps += 5) {
      Bench bench = new Bench("east", "north");
      bench.submit(TASK);
      for (int i = 0; i < steps && bench.deliverOne(); i++) {
        assertFalse(bench.facts().run().state().equals("paused"));
      }
      if (bench.facts().run().state().equals("finished")) {
        break;
      }
      order(bench, Orders.Kind.PAUSE);
      bench.settle();
      bench.restart();
      bench.settle();
      assertEquals("paused", bench.facts().run().state());
      order(bench, Orders.Kind.RESUME);
      bench.settle();
      assertEquals(digests(undisturbed), digests(bench), "paused after " + steps + " steps");
    }
  }

  private static List<String> digests(Bench bench) {
    return bench.facts().models().stream().map(ModelVersion::digest).map(Object::toString).toList();
  }

  @Test
  void anAbortedTaskTellsItsSitesWhyAndKeepsItsModels() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit(TASK);
    while (bench.facts().rounds().isEmpty()) {
      bench.deliverOne();
    }
    order(bench, Orders.Kind.ABORT);
    bench.settle();
    assertEquals("aborted", bench.facts().run().state());
    assertEquals("aborted by ops: why", bench.facts().run().note());
    assertEquals("stopped", last(bench, "east").request());
    assertEquals("aborted by ops: why", last(bench, "east").note());
    assertEquals(List.of(), last(bench, "east").cohort());
    assertEquals(2, bench.facts().models().size());
    assertEquals(bench.facts().models().get(1).digest(), last(bench, "east").model().digest());
    assertTrue(
        bench.site("east").receipts.stream()
            .filter(receipt -> !receipt.accepted())
            .allMatch(receipt -> receipt.reason().equals("over")));

    bench.restart();
    int before = bench.site("east").plans.size();
    bench.settle();
    assertEquals("aborted", bench.facts().run().state());
    assertTrue(bench.site("east").plans.size() > before, "a site that comes is told");
    assertEquals("stopped", last(bench, "east").request());

    order(bench, Orders.Kind.RETRY);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertEquals(2, bench.facts().rounds().get(1).attempt());
    assertEquals(
        bench.facts().models().get(1).digest(), bench.facts().models().get(2).base(), "it goes on");
    List<Coordination.Act> acts = bench.facts().acts();
    assertEquals(
        new Coordination.Act(2, 1, "aborted", "ops", Instant.parse("2026-01-01T00:00:00Z"), "why"),
        acts.get(0));
    assertEquals("tried again", acts.get(1).what());
    List<String> audit =
        new AuditTrail(bench.storage.journal("coordinator/audit"), 10, bench.ports().clock())
            .lines();
    assertTrue(audit.get(0).contains("aborted by ops: why"), audit.toString());
    assertTrue(audit.get(1).contains("tried again by ops"), audit.toString());
  }

  @Test
  void aTaskThatFailedIsToldToItsSitesAndTriedAgain() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.sites.values().forEach(site -> site.poison = 3.0e38f);
    bench.submit(TASK);
    bench.settle();
    assertEquals("failed", bench.facts().run().state());
    assertEquals("stopped", last(bench, "east").request());
    bench.sites.values().forEach(site -> site.poison = 0);
    order(bench, Orders.Kind.RETRY);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertEquals(4, bench.facts().rounds().get(1).attempt(), "the round that failed, anew");
  }

  @Test
  void anOrderThatDoesNotFitIsRefusedWithTheStateAndWhatToDo() throws Exception {
    Bench bench = training();
    assertTrue(refusal(bench, Orders.Kind.RESUME).contains("press is not paused"));
    assertTrue(refusal(bench, Orders.Kind.RETRY).contains("press is not over"));
    order(bench, Orders.Kind.PAUSE);
    assertTrue(refusal(bench, Orders.Kind.PAUSE).contains("paused already, by ops"));
    assertTrue(refusal(bench, Orders.Kind.RETRY).contains("fedwerk:task-resume"));
    order(bench, Orders.Kind.ABORT);
    for (Orders.Kind kind : List.of(Orders.Kind.PAUSE, Orders.Kind.RESUME, Orders.Kind.ABORT)) {
      assertTrue(
          refusal(bench, kind).contains("press was aborted by ops: why; fedwerk:task-retry"));
    }
    bench.desk.submit("press 1 2");
    assertTrue(refusal(bench, Orders.Kind.RETRY).contains("another task \"press\""));
    assertEquals(2, bench.storage.journal("coordinator/audit").last(), "only what was followed");

    Bench done = new Bench("east", "north");
    done.submit("press 1 2");
    done.settle();
    for (Orders.Kind kind : Orders.Kind.values()) {
      assertTrue(refusal(done, kind).contains("press is finished"), kind.toString());
    }
  }

  @Test
  void anOrderToATaskWhoseDiskIsFullIsRefusedAndNothingHappens() throws Exception {
    Bench bench = training();
    bench.storage.isFull = true;
    assertTrue(refusal(bench, Orders.Kind.PAUSE).contains("no space left"));
    bench.storage.isFull = false;
    bench.pass(Duration.ofSeconds(1));
    assertEquals("running", bench.facts().run().state());
  }

  @Test
  void retainedAreOnlyPlansAlsoThoseThatAskNothing() throws Exception {
    Bench bench = training();
    order(bench, Orders.Kind.ABORT);
    assertTrue(
        bench.link.sent.stream()
            .anyMatch(
                out ->
                    out.retained()
                        && out.address().kind() == Kind.PLAN
                        && out.address().site() == null));
  }
}
