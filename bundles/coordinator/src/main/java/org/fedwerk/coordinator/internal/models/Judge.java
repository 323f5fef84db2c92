// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.RolloutSpec.Gate;

/** Says whether a wave showed what its gate wants. A function: nothing is remembered. */
public final class Judge {
  private final Gate gate;
  private final String metric;
  private final int leastCount;

  /**
   * A judge.
   *
   * @param metric by which {@code metric-drop} compares
   * @param leastCount no site tells a share over fewer predictions
   */
  public Judge(Gate gate, String metric, int leastCount) {
    this.gate = gate;
    this.metric = metric;
    this.leastCount = leastCount;
  }

  /**
   * What is known when a gate is looked at.
   *
   * @param target digest of what goes out
   * @param before digest of what it takes the place of; empty if nothing was active
   * @param reports the newest word of each site
   * @param values the version's validation metric per site
   * @param valuesBefore that of the version before
   * @param lasted how long the wave has run
   */
  public record Evidence(
      Digest target,
      Optional<Digest> before,
      Map<String, Body.Running> reports,
      Map<String, Double> values,
      Map<String, Double> valuesBefore,
      Duration lasted) {}

  /**
   * What it comes to.
   *
   * @param breach why the rollout goes back; empty if it does not
   * @param waits per site, or under the empty name for all, what is missing; empty if the gate is
   *     passed
   */
  public record Verdict(String breach, Map<String, String> waits) {
    /** True if the next wave may begin. */
    public boolean passed() {
      return breach.isEmpty() && waits.isEmpty();
    }
  }

  /** Looks at all sites that the rollout has reached. */
  public Verdict judge(Lifecycle.Going going, Evidence evidence) {
    Map<String, String> waits = new LinkedHashMap<>();
    int held = 0;
    List<String> wave = going.waves().get(going.wave() - 1);
    for (String site : going.reached()) {
      String breach = drop(site, evidence);
      Optional<Body.Running> report =
          Optional.ofNullable(evidence.reports().get(site))
              .filter(said -> said.revision() >= going.revision(site));
      Optional<Body.Served> served = report.flatMap(said -> of(said, evidence.target()));
      boolean isHeld = report.isPresent() && isHeldElsewhere(report.get(), evidence.target());
      if (breach.isEmpty() && served.isPresent()) {
        breach = breach(site, served.get(), base(report.get(), evidence));
      }
      if (!breach.isEmpty()) {
        return new Verdict(breach, Map.of());
      }
      if (wave.contains(site)) {
        held += isHeld ? 1 : 0;
        String missing = isHeld ? "" : missing(report.isPresent(), served);
        if (!missing.isEmpty()) {
          waits.put(site, missing);
        }
      }
    }
    if (held == wave.size()) {
      waits.put("", "every site of this wave is held by its owner");
    }
    Duration left = gate.time().minus(evidence.lasted());
    if (!left.isNegative() && !left.isZero()) {
      waits.put("", "the wave lasts " + Math.max(1, left.toSeconds()) + " s more");
    }
    return new Verdict("", waits);
  }

  private static Optional<Body.Served> of(Body.Running report, Digest model) {
    return report.served().stream().filter(each -> each.model().equals(model)).findFirst();
  }

  private static boolean isHeldElsewhere(Body.Running report, Digest target) {
    return report.served().stream()
        .anyMatch(each -> each.active() && each.held() && !each.model().equals(target));
  }

  private static Optional<Body.Served> base(Body.Running report, Evidence evidence) {
    return evidence.before().flatMap(before -> of(report, before));
  }

  private int needed() {
    return gate.looksAtAlarms() ? Math.max(gate.predictions(), leastCount) : gate.predictions();
  }

  private String missing(boolean follows, Optional<Body.Served> served) {
    if (!follows) {
      return "has not said yet that it follows";
    }
    if (served.isEmpty() || !served.get().active()) {
      return "does not predict with it yet";
    }
    long made = served.get().predictions();
    if (made < needed()) {
      return made + " of " + needed() + " predictions";
    }
    boolean silent =
        gate.looksAtAlarms() && served.get().metric(Body.Served.ALARM_RATE).isEmpty()
            || gate.latencyP99() != null && served.get().metric(Body.Served.LATENCY_P99).isEmpty();
    return silent ? "has not told its alarms or its latency yet" : "";
  }

  private String drop(String site, Evidence evidence) {
    Double now = evidence.values().get(site);
    Double then = evidence.valuesBefore().get(site);
    if (now == null || then == null) {
      return "";
    }
    double worse = Metrics.isError(metric) ? now - then : then - now;
    return exceeds(worse, gate.metricDrop())
        ? site
            + ": "
            + metric
            + " "
            + number(now)
            + " on validation examples, "
            + number(then)
            + " with the version before; metric-drop allows "
            + number(gate.metricDrop())
        : "";
  }

  private String breach(String site, Body.Served served, Optional<Body.Served> before) {
    if (served.failures() > 0) {
      return site + ": " + served.failures() + " parts could not be predicted";
    }
    if (served.predictions() < needed()) {
      return "";
    }
    Optional<Metric> alarms = served.metric(Body.Served.ALARM_RATE);
    if (alarms.isPresent() && exceeds(alarms.get().value(), gate.alarmRate())) {
      return alarms(site, alarms.get()) + "; alarm-rate allows " + number(gate.alarmRate());
    }
    Optional<Metric> then = before.flatMap(each -> each.metric(Body.Served.ALARM_RATE));
    if (alarms.isPresent()
        && then.isPresent()
        && exceeds(alarms.get().value() - then.get().value(), gate.alarmRise())) {
      return alarms(site, alarms.get())
          + ", "
          + number(then.get().value())
          + " with the version before; alarm-rise allows "
          + number(gate.alarmRise());
    }
    Duration bound = gate.latencyP99();
    Optional<Metric> latency = served.metric(Body.Served.LATENCY_P99);
    return bound != null
            && latency.isPresent()
            && exceeds(latency.get().value(), bound.toNanos() / 1e9)
        ? site
            + ": one prediction in a hundred takes longer than "
            + number(latency.get().value())
            + " s; latency-p99 allows "
            + number(bound.toNanos() / 1e9)
            + " s"
        : "";
  }

  /** What is no number exceeds every bound. */
  private static boolean exceeds(double value, double bound) {
    return Double.isFinite(bound) && !(value <= bound);
  }

  private static String alarms(String site, Metric rate) {
    return site + ": alarms are " + number(rate.value()) + " of " + rate.count() + " predictions";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
