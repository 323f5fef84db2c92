// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;

/** Runs a task in a whole federation: the real coordinator and sites, with sealed messages. */
public final class Federation {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final KeepingEngine engine;

  /** Trains with this engine at all sites. */
  public Federation(Engine engine) {
    this.engine = new KeepingEngine(engine);
  }

  /** Trains for all sites. */
  public Engine engine() {
    return engine;
  }

  /**
   * What it came to.
   *
   * @param validation of the version that validation chose, per site
   * @param test of that version, per site
   * @param rounds how many rounds it took
   * @param model its parameters; empty where each site tests a model of its own
   * @param course how it came there
   */
  public record Outcome(
      List<Evaluation> validation,
      List<Evaluation> test,
      int rounds,
      Optional<float[]> model,
      Course course) {}

  /** Runs the task to its end. */
  public Outcome run(Task task, String yaml, List<SiteExamples> sites)
      throws RefusedException, InterruptedException {
    try (SimFederation federation = new SimFederation(engine)) {
      for (SiteExamples site : sites) {
        federation.add(
            site.site(), new MemoryStorage(), new GivenExamples(site.examples()), task.owner());
      }
      List<RoundRecord> rounds = federation.run(yaml, LIMIT);
      List<Moments> statistics = FederationStatistics.of(task, new WindowPreparation(), sites);
      RoundRecord last = rounds.get(rounds.size() - 1);
      return outcome(task, rounds, model(task, last, statistics), federation.payload());
    }
  }

  /**
   * Sites that have validation parts in the place of test parts, so that no search reads a test
   * part.
   */
  public static List<SiteExamples> withoutTest(List<SiteExamples> sites) {
    List<SiteExamples> seen = new ArrayList<>();
    for (SiteExamples site : sites) {
      List<Example> examples = new ArrayList<>(site.of(DataRole.TRAIN));
      for (Example each : site.of(DataRole.VALIDATION)) {
        examples.add(each);
        examples.add(
            new Example(
                each.serial() + "-again",
                each.tensors(),
                each.classIndex(),
                each.labelRevision(),
                DataRole.TEST));
      }
      seen.add(new SiteExamples(site.site(), examples));
    }
    return seen;
  }

  private Optional<float[]> model(Task task, RoundRecord last, List<Moments> statistics)
      throws RefusedException {
    Layout layout = new NamedArchitectures().network(task.model(), task.schema()).layout();
    return engine.newest(
        vector ->
            vector.length == layout.size()
                && GlobalDigest.of(last.task(), layout, vector, statistics).equals(last.model()));
  }

  private static Outcome outcome(
      Task task, List<RoundRecord> rounds, Optional<float[]> model, List<Long> payload) {
    String metric = task.rounds().metric();
    RoundRecord best = rounds.get(0);
    double bestValue = Double.NaN;
    for (RoundRecord round : rounds) {
      if (!round.missing().isEmpty()) {
        throw new IllegalStateException(
            "round " + round.round() + " is not of all sites: " + round.missing());
      }
    }
    List<Double> course = new ArrayList<>();
    for (RoundRecord round : rounds.subList(0, rounds.size() - 1)) {
      double value = round.metrics().getOrDefault("validation." + metric, Double.NaN);
      course.add(value);
      if (Double.isNaN(bestValue) || Metrics.isBetter(metric, value, bestValue)) {
        best = round;
        bestValue = value;
      }
    }
    RoundRecord last = rounds.get(rounds.size() - 1);
    if (!last.model().equals(best.model())) {
      throw new IllegalStateException(
          "the test was of model "
              + last.model().brief()
              + ", validation chose "
              + best.model().brief());
    }
    return new Outcome(
        List.copyOf(best.evaluations().values()),
        List.copyOf(last.evaluations().values()),
        rounds.size() - 1,
        model,
        new Course(course, payload));
  }
}
