// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.RolloutSpec.Gate;
import org.junit.jupiter.api.Test;

/** What a gate makes of what sites say. */
class JudgeTest {
  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final Digest OLD = Digest.of(new byte[] {1});
  private static final Digest NEW = Digest.of(new byte[] {2});
  private static final long REVISION = 9;

  private final Map<String, Body.Running> reports = new TreeMap<>();
  private final Map<String, Double> values = new TreeMap<>();
  private final Map<String, Double> before = new TreeMap<>();
  private Duration lasted = Duration.ofHours(1);

  private static Lifecycle.Going wave(String... sites) {
    Lifecycle lifecycle = new Lifecycle();
    List<List<String>> waves = List.of(List.of(sites));
    lifecycle.take(1, new Step.Added(1, OLD, "", Instant.EPOCH));
    lifecycle.take(2, new Step.Activated(1, "ann", "", Instant.EPOCH));
    lifecycle.take(3, new Step.Added(2, NEW, "", Instant.EPOCH));
    lifecycle.take(REVISION, new Step.WaveBegan(2, 1, waves, "ann", "", Instant.EPOCH));
    return lifecycle.going().orElseThrow();
  }

  private static Body.Served served(
      Digest model, boolean active, boolean held, long predictions, double alarms, double p99) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(new Metric("alarm.rate", alarms, predictions, Disclosure.INDIVIDUAL));
    metrics.add(new Metric("latency.p99", p99, predictions, Disclosure.INDIVIDUAL));
    return new Body.Served(model, active, held, predictions, 0, metrics);
  }

  private void says(String site, Body.Served... served) {
    reports.put(site, new Body.Running(REVISION, List.of(served)));
  }

  private Judge.Verdict verdict(Gate gate, String... sites) {
    Judge.Evidence evidence =
        new Judge.Evidence(NEW, Optional.of(OLD), reports, values, before, lasted);
    return new Judge(gate, "accuracy", 10).judge(wave(sites), evidence);
  }

  private static Gate gate(double rate, double rise, Duration latency, double drop) {
    return new Gate(50, Duration.ofMinutes(10), rate, rise, latency, drop);
  }

  @Test
  void aWaveWaitsForEachSiteAndForItsTime() {
    lasted = Duration.ofMinutes(4);
    says("a", served(NEW, true, false, 50, 0.1, 0.01));
    says("b", served(OLD, true, false, 900, 0.1, 0.01));
    reports.put("c", new Body.Running(REVISION - 1, List.of()));
    assertEquals(
        Map.of(
            "b", "does not predict with it yet",
            "c", "has not said yet that it follows",
            "d", "has not said yet that it follows",
            "", "the wave lasts 360 s more"),
        verdict(gate(NONE, NONE, null, NONE), "a", "b", "c", "d").waits());
  }

  @Test
  void aSiteWhoseOwnerHoldsAnotherModelIsNotWaitedForUnlessAllDo() {
    says("a", served(NEW, true, false, 50, 0.1, 0.01));
    says("b", served(OLD, true, true, 900, 0.1, 0.01));
    assertEquals(Map.of(), verdict(gate(NONE, NONE, null, NONE), "a", "b").waits());
    assertEquals(
        Map.of("", "every site of this wave is held by its owner"),
        verdict(gate(NONE, NONE, null, NONE), "b").waits());
  }

  @Test
  void alarmsAreHeldAgainstABoundAndAgainstTheVersionBefore() {
    says("a", served(NEW, true, false, 100, 0.25, 0.01), served(OLD, false, false, 90, 0.1, 0.01));
    assertEquals("", verdict(gate(0.25, 0.2, null, NONE), "a").breach());
    assertEquals(
        "a: alarms are 0.2500 of 100 predictions; alarm-rate allows 0.2000",
        verdict(gate(0.2, NONE, null, NONE), "a").breach());
    assertEquals(
        "a: alarms are 0.2500 of 100 predictions, 0.1000 with the version before; alarm-rise"
            + " allows 0.1000",
        verdict(gate(NONE, 0.1, null, NONE), "a").breach());
  }

  @Test
  void whatIsNoNumberKeepsNoBound() {
    says("a", served(NEW, true, false, 100, Double.NaN, 0.01));
    assertEquals(
        "a: alarms are NaN of 100 predictions; alarm-rate allows 0.5000",
        verdict(gate(0.5, NONE, null, NONE), "a").breach());
    assertEquals("", verdict(gate(NONE, NONE, null, NONE), "a").breach());
  }

  @Test
  void latencyAndTheValidationMetricHaveBoundsToo() {
    says("a", served(NEW, true, false, 100, 0, 0.3));
    assertEquals(
        "a: one prediction in a hundred takes longer than 0.3000 s; latency-p99 allows 0.2500 s",
        verdict(gate(NONE, NONE, Duration.ofMillis(250), NONE), "a").breach());
    values.put("a", 0.7);
    before.put("a", 0.9);
    assertEquals(
        "a: accuracy 0.7000 on validation examples, 0.9000 with the version before; metric-drop"
            + " allows 0.05000",
        verdict(gate(NONE, NONE, null, 0.05), "a").breach());
    assertEquals("", verdict(gate(NONE, NONE, null, 0.25), "a").breach());
  }

  @Test
  void aSiteThatTellsNoShareIsWaitedFor() {
    reports.put(
        "a",
        new Body.Running(REVISION, List.of(new Body.Served(NEW, true, false, 60, 0, List.of()))));
    assertEquals(
        Map.of("a", "has not told its alarms or its latency yet"),
        verdict(gate(0.5, NONE, null, NONE), "a").waits());
    assertEquals(Map.of(), verdict(gate(NONE, NONE, null, NONE), "a").waits());
  }
}
