// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.contribution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.coordinator.internal.contribution.Coalitions;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.baseline.Trainer;
import org.fedwerk.sim.contribution.RecordingEngine.Training;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * What each site's updates are worth to a task over all its rounds, by the models that fewer of
 * them would have made. In a running federation sites judge such models of one more round, which a
 * task asks for by its group {@code contribution}; for every round that would cost rounds without
 * end, so it is found here, where the whole federation is in one process.
 *
 * <p>The task runs with the real coordinator and sites. For each round, a coalition's model is the
 * one that the round began with plus the weighted mean of its members' updates, as in gradient
 * reconstruction over multiple rounds (Song, Tong and Wei 2019, Profit allocation for federated
 * learning); nobody trains anew. It is worth the task's metric on validation examples, mean over
 * sites, of an error its negative. Shares are added up over rounds.
 */
public final class Contributions {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final Engine engine;

  /** Trains with this engine. */
  public Contributions(Engine engine) {
    this.engine = engine;
  }

  /**
   * How Shapley's value is found.
   *
   * @param orders drawn per round; 0 for the exact value
   * @param seed of the draws
   */
  public record Sampling(int orders, long seed) {
    /** All coalitions. */
    public static final Sampling EXACT = new Sampling(0, 0);
  }

  /**
   * What a site is worth, in the task's metric, over all rounds.
   *
   * @param shapley its share; those of all sites add up to what the rounds gained
   * @param leaveOneOut how much less the rounds had gained without it
   */
  public record Share(double shapley, double leaveOneOut) {
    Share plus(double moreShapley, double moreLeaveOneOut) {
      return new Share(shapley + moreShapley, leaveOneOut + moreLeaveOneOut);
    }
  }

  /**
   * What came out.
   *
   * @param shares by site
   * @param rounds of training
   * @param gained sum over rounds of the metric's gain, of an error its fall
   */
  public record Result(Map<String, Share> shares, int rounds, double gained) {}

  /** A round: what it began with, and each site's part. */
  private record Round(float[] start, List<Training> trainings) {}

  /**
   * Runs the task to its end and shares out.
   *
   * @param sites for the exact value at most 16
   * @throws RefusedException if the task is refused, or updates of it are not plain ones
   */
  public Result run(String yaml, List<SiteExamples> sites, Sampling sampling)
      throws RefusedException, InterruptedException {
    Task task = new YamlTaskReader().read(yaml).task();
    requirePlain(task);
    Map<String, RecordingEngine> engines = new TreeMap<>();
    List<RoundRecord> rounds = federate(task, yaml, sites, engines);
    Trainer trainer = new Trainer(new NamedArchitectures(), new WindowPreparation(), engine, task);
    List<Trainer.Prepared> judges = sites.stream().map(trainer::prepare).toList();
    Map<String, Share> shares = new LinkedHashMap<>();
    engines.keySet().forEach(site -> shares.put(site, new Share(0, 0)));
    double gained = 0;
    int trained = rounds.size() - 1;
    for (int r = 0; r < trained; r++) {
      Round round = round(engines, r, rounds.get(r));
      requireSame(task, round, rounds.get(r));
      Coalitions coalitions =
          new Coalitions(
              engines.size(), members -> value(task, trainer, judges, model(round, members)));
      double[] alone = coalitions.leaveOneOut();
      double[] shapley =
          sampling.orders() == 0
              ? coalitions.shapley()
              : coalitions.sampledShapley(sampling.orders(), sampling.seed() + r);
      int next = 0;
      for (Map.Entry<String, Share> each : shares.entrySet()) {
        each.setValue(each.getValue().plus(shapley[next], alone[next]));
        gained += shapley[next++];
      }
    }
    return new Result(shares, trained, gained);
  }

  /**
   * Others are not the mean of what sites trained, so fewer of them make no model that is known.
   */
  private static void requirePlain(Task task) throws RefusedException {
    StrategySpec strategy = task.strategy();
    boolean plain =
        strategy.equals(StrategySpec.FEDAVG)
            && task.local().equals(LocalSpec.NONE)
            && task.compression().equals(CompressionSpec.NONE)
            && !task.rounds().late().keeps()
            && task.rounds().cohort().isEverybody();
    if (!plain) {
      throw new RefusedException(
          "strategy",
          "contribution is found for plain fedavg over all sites; leave out strategy, local,"
              + " compression, rounds.cohort and late updates");
    }
  }

  private List<RoundRecord> federate(
      Task task, String yaml, List<SiteExamples> sites, Map<String, RecordingEngine> engines)
      throws RefusedException, InterruptedException {
    try (SimFederation federation = new SimFederation(engine)) {
      for (SiteExamples site : sites) {
        RecordingEngine recording = new RecordingEngine(engine);
        engines.put(site.site(), recording);
        federation.add(
            site.site(),
            new MemoryStorage(),
            new GivenExamples(site.examples()),
            task.owner(),
            recording);
      }
      return federation.run(yaml, LIMIT);
    }
  }

  private static Round round(Map<String, RecordingEngine> engines, int index, RoundRecord record) {
    if (!record.missing().isEmpty() || record.attempt() > 1) {
      throw new IllegalStateException(
          "round " + record.round() + " is not of all sites at once: " + record.missing());
    }
    List<Training> trainings = new ArrayList<>();
    engines.forEach((site, each) -> trainings.add(each.trainings().get(index)));
    return new Round(trainings.get(0).start(), trainings);
  }

  /** What is shared out is what the coordinator made, bit for bit. */
  private static void requireSame(Task task, Round round, RoundRecord record)
      throws RefusedException {
    Layout layout = new NamedArchitectures().network(task.model(), task.schema()).layout();
    BitSet all = new BitSet();
    all.set(0, round.trainings().size());
    Digest made = GlobalDigest.of(record.task(), layout, model(round, all), new byte[0]);
    if (!made.equals(record.model())) {
      throw new IllegalStateException(
          "the updates of round "
              + record.round()
              + " add up to another model than the coordinator's");
    }
  }

  /** The model that some sites alone would have made. */
  private static float[] model(Round round, BitSet members) {
    List<float[]> deltas = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int k = 0; k < round.trainings().size(); k++) {
      if (members.get(k)) {
        deltas.add(round.trainings().get(k).delta());
        weights.add((double) round.trainings().get(k).examples());
      }
    }
    float[] model = round.start().clone();
    if (deltas.isEmpty()) {
      return model;
    }
    double[] mean =
        new FedAvg().aggregate(deltas, weights.stream().mapToDouble(Double::doubleValue).toArray());
    for (int i = 0; i < model.length; i++) {
      model[i] = (float) (model[i] + mean[i]);
    }
    return model;
  }

  private static double value(
      Task task, Trainer trainer, List<Trainer.Prepared> judges, float[] model) {
    String metric = task.rounds().metric();
    double mean =
        judges.stream()
            .mapToDouble(site -> trainer.evaluate(model, site.validation()).metric(metric))
            .filter(value -> !Double.isNaN(value))
            .average()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no site can tell " + metric + " of its validation examples"));
    return Metrics.isError(metric) ? -mean : mean;
  }
}
