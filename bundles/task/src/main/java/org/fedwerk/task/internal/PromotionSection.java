// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.PromotionSpec.By;
import org.fedwerk.api.task.RolloutSpec;
import org.fedwerk.api.task.RolloutSpec.Gate;

/** What makes a version the one that sites deploy, and how it goes out. */
final class PromotionSection {
  private static final List<String> KEYS = List.of("by", "metric", "least", "most");
  private static final List<String> ROLLOUT = List.of("canary", "waves", "gate");
  private static final List<String> GATE =
      List.of("predictions", "time", "alarm-rate", "alarm-rise", "latency-p99", "metric-drop");
  private static final Pattern SITE = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final String SITES = "site ids of lower-case letters, digits and dashes";
  private static final int WAVES = 20;
  private static final int SITES_MOST = 1000;
  private static final int PREDICTIONS = 100;
  private static final String SHARE = "a number from 0 to 1";

  private PromotionSection() {}

  /** Reads the groups {@code promotion} and {@code rollout}, both of which may be left out. */
  static PromotionSpec read(Mapping task, LabelSpec label, String metricOfRounds, int leastCount) {
    Optional<Value> rollout = task.optional("rollout");
    Optional<Value> promotion = task.optional("promotion");
    if (promotion.isEmpty()) {
      rollout.ifPresent(
          value ->
              value.refuse(
                  "stands without promotion; say with promotion: {by: rule, ..} or {by: person} who"
                      + " promotes what goes out"));
      return PromotionSpec.TASK;
    }
    Mapping group = promotion.get().mapping(KEYS);
    String by =
        group
            .required("by", "rule or person")
            .map(value -> value.choice(List.of("rule", "person")))
            .orElse("person");
    String metric = metric(group, label, metricOfRounds);
    boolean isRule = by.equals("rule") && group.sound("by");
    return new PromotionSpec(
        by.equals("rule") ? By.RULE : By.PERSON,
        metric,
        bound(group, metric, isRule),
        rollout
            .map(value -> rollout(value, label.target().kind(), leastCount))
            .orElse(RolloutSpec.EVERYWHERE_AT_ONCE));
  }

  private static String metric(Mapping group, LabelSpec label, String metricOfRounds) {
    List<String> allowed = new ArrayList<>(Metrics.ofVersions(label));
    allowed.retainAll(Metrics.ofCounts(label.target().kind()));
    boolean known = allowed.contains(metricOfRounds);
    Optional<Value> given =
        known
            ? group.optional("metric")
            : group.required("metric", "one of " + String.join(", ", allowed));
    return given
        .map(value -> value.choice(allowed))
        .orElse(known ? metricOfRounds : allowed.get(0));
  }

  private static double bound(Mapping group, String metric, boolean isRule) {
    boolean isError = Metrics.isError(metric);
    String key = isError ? "most" : "least";
    String other = isError ? "least" : "most";
    if (group.optional(other).isPresent() && group.sound("metric", other)) {
      group.refuse(other, "does not go with the metric " + metric + "; use " + key);
    }
    if (!isRule) {
      return 0;
    }
    String description =
        isError ? "the largest " + metric + ", a number above 0" : "the least value, " + SHARE;
    return group
        .required(key, description)
        .map(
            value ->
                isError
                    ? value.number("a number above 0", x -> x > 0, 1)
                    : value.number(SHARE, x -> x >= 0 && x <= 1, 1))
        .orElse(1.0);
  }

  private static RolloutSpec rollout(Value value, Target.Kind kind, int leastCount) {
    Mapping group = value.mapping(ROLLOUT);
    List<String> canary = new ArrayList<>();
    int canaries = 0;
    Optional<Value> first = group.optional("canary");
    if (first.isPresent() && first.get().isList()) {
      for (Value site : first.get().items(1, SITES_MOST, "sites")) {
        canary.add(site.word(SITE, SITES));
      }
      if (canary.stream().distinct().count() < canary.size()) {
        first.get().refuse("names a site twice; name it once");
      }
    } else if (first.isPresent()) {
      canaries = (int) first.get().whole(1, SITES_MOST);
    }
    List<Double> waves = new ArrayList<>();
    double before = 0;
    for (Value part :
        group.optional("waves").map(list -> list.items(1, WAVES, "waves")).orElse(List.of())) {
      double wave = part.number("a part of all sites above 0, at most 1", x -> x > 0 && x <= 1, 1);
      if (wave <= before) {
        part.refuse("is not above the wave before it; use parts of all sites in ascending order");
      }
      waves.add(wave);
      before = wave;
    }
    if (canary.isEmpty() && canaries == 0 && waves.isEmpty() && group.sound("canary", "waves")) {
      value.refuse("has neither canary nor waves; give one, or leave the group out");
    }
    return new RolloutSpec(canary, canaries, waves, gate(group, kind, leastCount));
  }

  private static Gate gate(Mapping rollout, Target.Kind kind, int leastCount) {
    Mapping gate = rollout.optionalGroup("gate", GATE);
    int predictions =
        gate.optional("predictions")
            .map(value -> (int) value.whole(0, 1_000_000_000))
            .orElse(PREDICTIONS);
    Gate read =
        new Gate(
            predictions,
            gate.optional("time")
                .map(value -> value.duration(Duration.ZERO, Duration.ofDays(90)))
                .orElse(Duration.ZERO),
            share(gate, "alarm-rate"),
            share(gate, "alarm-rise"),
            gate.optional("latency-p99")
                .map(value -> value.duration(Duration.ofMillis(1), Duration.ofHours(1)))
                .orElse(null),
            gate.optional("metric-drop")
                .map(value -> value.number("a number from 0", x -> x >= 0, 0))
                .orElse(Double.POSITIVE_INFINITY));
    if (read.looksAtAlarms() && kind == Target.Kind.VALUE) {
      rollout.refuse(
          "gate", "bounds alarms, and a predicted number is none; leave those bounds out");
    }
    if (read.looksAtAlarms()
        && predictions < leastCount
        && gate.sound("predictions", "alarm-rate", "alarm-rise")) {
      gate.refuse(
          "predictions",
          predictions
              + " is below egress.least-count, "
              + leastCount
              + ", so no site would tell its share of alarms; use at least that");
    }
    return read;
  }

  private static double share(Mapping gate, String key) {
    return gate.optional(key)
        .map(value -> value.number(SHARE, x -> x >= 0 && x <= 1, 1))
        .orElse(Double.POSITIVE_INFINITY);
  }
}
