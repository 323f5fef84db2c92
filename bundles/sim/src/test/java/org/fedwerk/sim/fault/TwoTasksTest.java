// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.junit.jupiter.api.Test;

/** The coordinator and the sites of the product, with two tasks at once. */
class TwoTasksTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String ROUNDS =
      "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 3, stall: 30m";
  private static final String FIRST = Bench.task(1, ROUNDS);
  private static final String SECOND =
      Bench.task(2, ROUNDS).replaceFirst("(?m)^task: .*$", "task: second");

  private static boolean finished(VirtualFederation federation, int tasks) {
    List<TaskFacts> all = federation.tasks();
    return all.size() == tasks
        && all.stream().allMatch(task -> task.run().state().equals("finished"));
  }

  private static Map<String, List<String>> models(VirtualFederation federation) {
    Map<String, List<String>> models = new TreeMap<>();
    for (TaskFacts task : federation.tasks()) {
      models.put(
          task.run().name(),
          task.models().stream().map(ModelVersion::digest).map(Object::toString).toList());
    }
    return models;
  }

  private static VirtualFederation running(String... tasks) {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    for (String yaml : tasks) {
      federation.submit(yaml);
    }
    return federation;
  }

  private static Map<String, List<String>> eachAlone() {
    Map<String, List<String>> alone = new TreeMap<>();
    for (String yaml : List.of(FIRST, SECOND)) {
      VirtualFederation one = running(yaml);
      assertTrue(one.run(LIMIT, () -> finished(one, 1)));
      alone.putAll(models(one));
    }
    return alone;
  }

  @Test
  void bothGiveTheModelsThatEachGivesAloneWhoeverIsKilledInBetween() {
    Map<String, List<String>> alone = eachAlone();
    assertEquals(2, alone.size());
    List<String> nobody = new ArrayList<>(List.of(""));
    nobody.addAll(new VirtualFederation(VirtualFederation.Setup.plain()).ids());
    for (String killed : nobody) {
      VirtualFederation both = running(FIRST, SECOND);
      assertTrue(
          both.run(
              LIMIT,
              () ->
                  both.tasks().size() == 2
                      && both.tasks().stream().allMatch(task -> task.run().round() == 2)));
      if (!killed.isEmpty()) {
        both.kill(killed);
        both.start();
      }
      assertTrue(both.run(LIMIT, () -> finished(both, 2)), "killed " + killed);
      assertEquals(alone, models(both), "killed " + killed);
    }
  }

  @Test
  void oneIsPausedAndAbortedWhileTheOtherGoesOn() {
    Map<String, List<String>> alone = eachAlone();
    VirtualFederation both = running(FIRST, SECOND);
    assertTrue(
        both.run(
            LIMIT,
            () ->
                both.tasks().size() == 2
                    && both.tasks().stream().allMatch(task -> task.run().phase().equals("train"))));
    String first = both.tasks().get(0).run().name();
    both.order(new Orders.Order(Orders.Kind.PAUSE, "ops", ""));
    assertTrue(
        both.run(LIMIT, () -> both.tasks().get(1).run().state().equals("finished")),
        "the other one");
    assertEquals("paused", both.tasks().get(0).run().state());
    assertEquals(alone.get("second"), models(both).get("second"));
    both.sites()
        .forEach(
            (site, views) ->
                assertTrue(
                    views.stream()
                        .filter(view -> view.name().equals(first))
                        .allMatch(view -> view.reason().equals("paused by ops")),
                    site + ": " + views));
    both.order(new Orders.Order(Orders.Kind.ABORT, "ops", "wrong labels"));
    String why = "aborted by ops: wrong labels";
    assertTrue(
        both.run(
            LIMIT,
            () ->
                both.sites().values().stream()
                    .allMatch(
                        views ->
                            views.stream()
                                .anyMatch(
                                    view ->
                                        view.name().equals(first) && view.reason().equals(why)))),
        both.sites().toString());
    both.order(new Orders.Order(Orders.Kind.RETRY, "ops", ""));
    assertTrue(both.run(LIMIT, () -> finished(both, 2)));
    assertEquals(alone, models(both), "an attempt more changes no model");
  }
}
