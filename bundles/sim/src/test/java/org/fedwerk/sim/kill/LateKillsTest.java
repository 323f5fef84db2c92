// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.Replies;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualNetwork;
import org.fedwerk.sim.fault.Weather;
import org.fedwerk.task.internal.YamlTaskReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A task in which one update comes late, and the coordinator killed at each record of its rounds:
 * the late update must count in the same version with the same bits.
 */
@Timeout(300)
class LateKillsTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String SLOW = "b";

  /** Site b's first training takes longer than its phase, and ends within the next one. */
  private static final String ROUNDS =
      "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 2, stall: 30s, longest: 30s, late: staleness";

  /**
   * Messages of site b take two seconds, so that it is heard of and the phase ends by its length.
   */
  private static List<Weather.Arrival> slowly(String from, String to, byte[] payload) {
    Duration after = from.equals(SLOW) ? Duration.ofSeconds(2) : Duration.ofMillis(1);
    return List.of(new Weather.Arrival(after, payload));
  }

  /**
   * Site b takes five times as long as others; which updates meet in a version depends on the
   * kills.
   */
  private static final String ASYNCHRONOUS =
      "max: 8, least: 8, patience: 8, cohort-least: 3, stall: 10s, mode: asynchronous, buffer: 2";

  private static final class Run {
    private final String yaml;
    private final Map<String, PointWatch> watches = new TreeMap<>();
    private final AtomicInteger jobs = new AtomicInteger();
    private final VirtualFederation federation;
    private final Replies replies;

    Run(@Nullable Point point) {
      this(ROUNDS, point);
    }

    Run(String rounds, @Nullable Point point) {
      yaml = Bench.task(1, rounds);
      VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
      federation =
          new VirtualFederation(
              new VirtualFederation.Setup(
                  plain.sites(),
                  plain.engine(),
                  plain.aggregator(),
                  LateKillsTest::slowly,
                  this::work,
                  actor -> watches.computeIfAbsent(actor, id -> watch(id, point)),
                  plain.storage(),
                  plain.link(),
                  plain.restart()));
      replies = new Replies(federation.sealed(VirtualNetwork.COORDINATOR));
      federation.network().observe((from, address, payload) -> replies.sent(address, payload));
    }

    private static PointWatch watch(String actor, @Nullable Point point) {
      boolean here = point != null && point.actor().equals(actor);
      return new PointWatch(
          here ? point : null,
          life -> {
            throw life.stop();
          });
    }

    private Duration work(String site) {
      if (!site.equals(SLOW)) {
        return Duration.ofSeconds(1);
      }
      boolean first = jobs.getAndIncrement() == 0;
      return Duration.ofSeconds(yaml.contains("asynchronous") ? 5 : first ? 40 : 1);
    }

    /** Models with their contributors and digests, once the task is finished. */
    List<String> models() throws RefusedException {
      federation.start();
      federation.submit(yaml);
      assertTrue(
          federation.run(
              LIMIT,
              () ->
                  federation.tasks().stream()
                      .anyMatch(task -> task.run().state().equals("finished"))),
          () -> "it does not end: " + federation.tasks() + federation.sites());
      List<ModelVersion> models = federation.tasks().get(0).models();
      TaskDocument document = new YamlTaskReader().read(yaml);
      assertEquals(
          List.of(), replies.differences(document, federation.tasks().get(0).rounds(), models));
      assertEquals(List.of(), replies.contradictions());
      return models.stream()
          .map(each -> each.version() + " " + each.contributors() + " " + each.digest().hex())
          .toList();
    }

    List<Point> points(String actor, String journals) {
      List<Point> points = new ArrayList<>();
      for (Map.Entry<RecordType, Integer> seen : watches.get(actor).seen().entrySet()) {
        if (seen.getKey().journal().startsWith(journals)) {
          for (int nth = 1; nth <= seen.getValue(); nth++) {
            Moment moment = Moment.values()[points.size() % Moment.values().length];
            points.add(new Point(actor, seen.getKey(), nth, moment));
          }
        }
      }
      return points;
    }
  }

  @Test
  void theLateUpdateCountsInTheSameVersionWhereverTheCoordinatorIsKilled() throws Exception {
    Run undisturbed = new Run(null);
    List<String> expected = undisturbed.models();
    assertTrue(expected.get(1).startsWith("1 [a, c] "), expected.toString());
    assertTrue(expected.get(2).startsWith("2 [a, b, c, b@1] "), expected.toString());
    List<Point> points =
        undisturbed.points(VirtualNetwork.COORDINATOR, "coordinator/<task>/rounds");
    assertTrue(points.size() > 40, points.toString());
    List<String> different = new ArrayList<>();
    List<Point> inTime = new ArrayList<>();
    for (Point point : points) {
      List<String> models = new Run(point).models();
      // The patience of a phase that is open begins anew; then site b's first update may be in
      // time.
      if (models.get(1).startsWith("1 [a, b, c] ")) {
        inTime.add(point);
      } else if (!models.equals(expected)) {
        different.add(point + " gives " + models);
      }
    }
    assertEquals(List.of(), different);
    assertTrue(inTime.size() <= 2, inTime.toString());
  }

  /**
   * A training that a kill interrupts is lost; what is in the outbox goes again, and counts once.
   */
  @Test
  void whereverTheSlowSiteIsKilledEachUpdateCountsAtMostOnce() throws Exception {
    Run undisturbed = new Run(null);
    assertTrue(undisturbed.models().size() > 1);
    List<Point> points = undisturbed.points(SLOW, "site/");
    assertTrue(points.size() > 40, points.toString());
    for (int i = 0; i < points.size(); i += 3) {
      List<String> models = new Run(points.get(i)).models();
      assertEquals(4, models.size(), points.get(i).toString());
    }
  }

  @Test
  void whereverTheCoordinatorOfAnAsynchronousTaskIsKilledEachUpdateCountsAtMostOnce()
      throws Exception {
    Run undisturbed = new Run(ASYNCHRONOUS, null);
    List<String> expected = undisturbed.models();
    assertTrue(expected.stream().anyMatch(each -> each.contains("@")), expected.toString());
    List<Point> points = undisturbed.points(VirtualNetwork.COORDINATOR, "coordinator/<task>/");
    assertTrue(points.size() > 60, points.toString());
    for (int i = 0; i < points.size(); i += 4) {
      List<String> models = new Run(ASYNCHRONOUS, points.get(i)).models();
      assertEquals(9, models.size(), points.get(i).toString());
    }
  }
}
