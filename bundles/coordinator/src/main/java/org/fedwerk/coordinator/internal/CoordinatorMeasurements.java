// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.model.ModelVersion;

/** What the coordinator last showed, in numbers. Sites and tasks are those of the federation. */
final class CoordinatorMeasurements {
  private final List<Measurement> measured = new ArrayList<>();

  private CoordinatorMeasurements() {}

  /**
   * What waits before the runner.
   *
   * @param messages in the queue
   * @param bytes of their payloads
   * @param orders of persons
   * @param dropped messages since start, as it was full
   */
  record Load(QueueLevel messages, QueueLevel bytes, QueueLevel orders, long dropped) {}

  static List<Measurement> of(Snapshot now, Refusals refusals, Load load) {
    CoordinatorMeasurements all = new CoordinatorMeasurements();
    now.tasks().forEach(all::task);
    refusals
        .counts()
        .forEach(
            (reason, count) ->
                all.count(
                    "fedwerk.messages.refused",
                    "Messages refused, by reason",
                    count,
                    "reason",
                    reason));
    all.count("fedwerk.messages.dropped", "Messages dropped, queue full", load.dropped());
    all.count("fedwerk.messages.unsent", "Messages that the link did not take", now.unsent());
    all.gauge("fedwerk.messages.queue", "Messages that wait", load.messages().depth());
    all.measured.add(
        Measurement.gauge(
            "fedwerk.messages.waiting",
            "bytes",
            "Payloads of the messages that wait",
            load.bytes().depth()));
    all.measured.addAll(load.messages().things());
    all.measured.addAll(load.bytes().bytes());
    all.measured.addAll(load.orders().things());
    now.queues().forEach(level -> all.measured.addAll(level.things()));
    all.gauge("fedwerk.sites.heard", "Sites heard of since start", now.sites().size());
    return all.measured;
  }

  private void task(Snapshot.TaskFacts facts) {
    TaskRun run = facts.run();
    String task = run.name();
    gauge("fedwerk.round.number", "The current or last round", run.round(), "task", task);
    gauge(
        "fedwerk.round.state",
        "1 for the state and phase that the task is in",
        1,
        "task",
        task,
        "state",
        run.state(),
        "phase",
        run.phase());
    gauge(
        "fedwerk.round.waiting",
        "Sites that the task waits for",
        run.waitingFor().size(),
        "task",
        task);
    gauge("fedwerk.sites.stalled", "Sites stalled", facts.away().size(), "task", task);
    history(task, facts.rounds());
    contributions(task, facts.rounds());
    if (!facts.models().isEmpty()) {
      shares(task, facts.models().get(facts.models().size() - 1));
    }
  }

  private void history(String task, List<RoundRecord> rounds) {
    long down = rounds.stream().mapToLong(RoundRecord::bytesDown).sum();
    long up = rounds.stream().mapToLong(RoundRecord::bytesUp).sum();
    count("fedwerk.rounds.committed", "Rounds committed", rounds.size(), "task", task);
    String bytes = "Payload bytes of committed rounds";
    measured.add(
        Measurement.counter(
            "fedwerk.round.bytes", "bytes", bytes, down, "task", task, "direction", "down"));
    measured.add(
        Measurement.counter(
            "fedwerk.round.bytes", "bytes", bytes, up, "task", task, "direction", "up"));
    if (rounds.isEmpty()) {
      return;
    }
    RoundRecord last = rounds.get(rounds.size() - 1);
    gauge("fedwerk.round.cohort", "Sites of the last round", last.cohort().size(), "task", task);
    gauge(
        "fedwerk.round.missing",
        "Sites of it without a complete answer",
        last.missing().size(),
        "task",
        task);
    measured.add(
        Measurement.gauge(
            "fedwerk.round.duration",
            "seconds",
            "How long the last round took",
            last.duration().toNanos() / 1e9,
            "task",
            task));
    for (Map.Entry<String, Double> each : last.metrics().entrySet()) {
      if (Contributions.names(each.getKey())) {
        continue; // as many as pairs of sites
      }
      gauge(
          "fedwerk.round.metric",
          "Metrics of the last round",
          each.getValue(),
          "task",
          task,
          "metric",
          each.getKey());
    }
  }

  /** What each site adds, as it was found last. */
  private void contributions(String task, List<RoundRecord> rounds) {
    Optional<Contributions> found =
        rounds.stream()
            .map(Contributions::of)
            .flatMap(Optional::stream)
            .reduce((before, newest) -> newest);
    if (found.isEmpty()) {
      return;
    }
    String words = "What a site adds to the best model, in the task's metric, by ";
    bySite(
        "fedwerk.contribution.leave.one.out",
        words + "leaving it out",
        task,
        found.get().leaveOneOut());
    bySite("fedwerk.contribution.shapley", words + "Shapley's value", task, found.get().shapley());
  }

  private void bySite(String name, String words, String task, Map<String, Double> values) {
    values.forEach((site, value) -> gauge(name, words, value, "task", task, "site", site));
  }

  /** Each site's share of the weight in the newest model. */
  private void shares(String task, ModelVersion model) {
    gauge("fedwerk.model.version", "Newest model", model.version(), "task", task);
    double sum = model.weights().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> bySite = new TreeMap<>();
    for (int i = 0; i < model.contributors().size(); i++) {
      String site = ModelVersion.site(model.contributors().get(i));
      bySite.merge(site, model.weights().get(i), Double::sum);
    }
    bySite.forEach(
        (site, weight) ->
            gauge(
                "fedwerk.contribution",
                "Share of a site in the weights of the newest model",
                weight / sum,
                "task",
                task,
                "site",
                site));
  }

  private void gauge(String name, String description, double value, String... tags) {
    measured.add(Measurement.gauge(name, "", description, value, tags));
  }

  private void count(String name, String description, double value, String... tags) {
    measured.add(Measurement.counter(name, "", description, value, tags));
  }
}
