// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.ThresholdSpec;

/**
 * How each loaded model does: predictions, alarms, failures and latency since it became active, or
 * since the process began. Thread-safe.
 */
final class ServedStats {
  /** Eight to an octave: a bound is at most 9 % above what it stands for. */
  private static final int PER_OCTAVE = 8;

  private static final int BUCKETS = 64 * PER_OCTAVE;
  private static final double LATE = 0.01;

  private final Map<Key, Count> counts = new ConcurrentHashMap<>();

  /** A model of a task. */
  private record Key(Digest task, Digest model) {}

  private static final class Count {
    private long predictions;
    private long judged;
    private long alarms;
    private long failures;
    private final boolean[] recent;
    private int recentAlarms;
    private final long[] latency = new long[BUCKETS];

    Count(int recent) {
      this.recent = new boolean[recent];
    }

    synchronized void predicted(Optional<Boolean> alarm, long nanos) {
      predictions++;
      latency[bucket(nanos)]++;
      alarm.ifPresent(this::judged);
    }

    private void judged(boolean alarm) {
      if (recent.length > 0) {
        int at = (int) (judged % recent.length);
        recentAlarms += (alarm ? 1 : 0) - (recent[at] ? 1 : 0);
        recent[at] = alarm;
      }
      judged++;
      alarms += alarm ? 1 : 0;
    }

    synchronized OptionalDouble recentShare() {
      return recent.length == 0 || judged < recent.length
          ? OptionalDouble.empty()
          : OptionalDouble.of((double) recentAlarms / recent.length);
    }

    synchronized void failed() {
      failures++;
    }

    synchronized Body.Served served(Digest model, boolean active, boolean held, int leastCount) {
      List<Metric> metrics = new ArrayList<>();
      if (judged >= leastCount) {
        double rate = (double) alarms / judged;
        metrics.add(new Metric(Body.Served.ALARM_RATE, rate, judged, Disclosure.INDIVIDUAL));
      }
      if (predictions > 0) {
        metrics.add(
            new Metric(Body.Served.LATENCY_P99, late(), predictions, Disclosure.INDIVIDUAL));
      }
      return new Body.Served(model, active, held, predictions, failures, metrics);
    }

    private double late() {
      long wanted = (long) Math.ceil((1 - LATE) * predictions);
      long seen = 0;
      int at = 0;
      while (at < BUCKETS - 1 && seen + latency[at] < wanted) {
        seen += latency[at++];
      }
      return Math.pow(2, (at + 1.0) / PER_OCTAVE) / 1e9;
    }

    private static int bucket(long nanos) {
      double octaves = Math.log(Math.max(1, nanos)) / Math.log(2);
      return Math.min(BUCKETS - 1, (int) (octaves * PER_OCTAVE));
    }
  }

  private Count of(Deployment with) {
    ThresholdSpec threshold = with.task().task().threshold();
    return counts.computeIfAbsent(
        new Key(with.task().digest(), with.model().digest()),
        key -> new Count(threshold == null ? 0 : threshold.recent()));
  }

  /**
   * A part was predicted.
   *
   * @param alarm whether another than the first class was; empty without a usable window
   * @param nanos from the closed part to its prediction at every sink
   */
  void predicted(Deployment with, Optional<Boolean> alarm, long nanos) {
    of(with).predicted(alarm, nanos);
  }

  /** A part could not be predicted. */
  void failed(Deployment with) {
    of(with).failed();
  }

  /** Share of alarms among the recent predictions; empty before there are as many. */
  OptionalDouble recentAlarms(Deployment with) {
    return of(with).recentShare();
  }

  /**
   * Says that a model gives more alarms than its task has a budget for.
   *
   * @return empty if it does not, or if it has not made as many predictions yet as are looked at
   */
  Optional<String> overBudget(Deployment with) {
    ThresholdSpec threshold = with.task().task().threshold();
    OptionalDouble share = of(with).recentShare();
    if (threshold == null || share.isEmpty() || share.getAsDouble() <= threshold.budget()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "alarms are %.4g of the last %d predictions, the task's budget is %.4g",
            share.getAsDouble(),
            threshold.recent(),
            threshold.budget()));
  }

  /** A model becomes the active one anew: it is judged by what it does from now on. */
  void begins(Digest task, Digest model) {
    counts.remove(new Key(task, model));
  }

  /**
   * How a model does, as it may leave the site.
   *
   * @param leastCount no share over fewer predictions is told
   */
  Body.Served served(Deployment deployment, boolean active, boolean held, int leastCount) {
    Digest model = deployment.model().digest();
    return of(deployment).served(model, active, held, leastCount);
  }

  /** Forgets what is not loaded any more. */
  void keepOnly(List<Deployment> loaded) {
    counts
        .keySet()
        .removeIf(
            key ->
                loaded.stream()
                    .noneMatch(
                        each ->
                            each.task().digest().equals(key.task())
                                && each.model().digest().equals(key.model())));
  }
}
