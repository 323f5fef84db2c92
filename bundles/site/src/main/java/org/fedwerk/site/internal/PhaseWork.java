// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a plan asks for: trains, evaluates, deploys. For the site's one work thread; holds
 * nothing between calls but what it last came to, for whoever watches.
 */
final class PhaseWork {
  private static final Logger log = LoggerFactory.getLogger(PhaseWork.class);

  /** What a plan may ask for. */
  static final String STATISTICS = "statistics";

  static final String TRAIN = "train";

  static final String EVALUATE = "evaluate";
  static final String TEST = "test";
  static final String DEPLOY = "deploy";

  /** What fine-tuning is called there. */
  private static final String FINE_TUNE = "fine-tune";

  /** Its phase: behind fitting the normalisation, before that of the plan. */
  private static final int BEFORE_THE_DEPLOYMENT = -2;

  /** What fitting the normalisation is called in the record of what was read. */
  private static final String NORMALISE = "normalise";

  /** Its phase: it comes before that of the plan it is done for. */
  private static final int BEFORE_THE_PHASE = -1;

  /** Asks for nothing more; late sites deploy its model. */
  static final String FINISHED = "finished";

  /** Instead of a local revision, which counts from 1: a person holds another model here. */
  private static final int NOT_DEPLOYED = 0;

  /** Asks for nothing more: the task failed or was aborted. */
  static final String STOPPED = "stopped";

  private final Reading reading;
  private final Preparation preparation;
  private final SharedStatistics statistics;
  private final Scoring scoring;
  private final Thresholds thresholds;
  private final ClusterChoice clusters;
  private final Engine engine;
  private final Codecs codecs;
  private final Deployments deployments;
  private final PersonalModels personal;
  private final FineTuning tuning;
  private final ChunkLedger chunks;
  private final EgressGate gate;
  private final PredictionBudget budget;
  private final Map<Digest, Trained> trainings = new ConcurrentHashMap<>();

  /** How often a task was trained since start, and the mean loss of the last time. */
  private record Trained(long times, double loss) {}

  PhaseWork(
      ExampleSource examples,
      Preparation preparation,
      Engine engine,
      Codecs codecs,
      SiteState state,
      LongSupplier nanoTime) {
    this.deployments = state.deployments();
    this.personal = state.personal();
    this.chunks = state.chunks();
    this.gate = state.gate();
    this.budget = new PredictionBudget(engine, deployments::network, nanoTime);
    this.reading = new Reading(examples, preparation, engine, state.manifests());
    this.preparation = preparation;
    this.statistics = new SharedStatistics(reading, preparation, deployments, gate::against);
    this.scoring = new Scoring(engine, preparation);
    this.thresholds = new Thresholds(reading, preparation, scoring, deployments, personal);
    this.clusters = new ClusterChoice(reading, scoring, deployments, personal);
    this.engine = engine;
    this.codecs = codecs;
    this.tuning = new FineTuning(engine, personal);
  }

  /** Which models are too slow here. */
  PredictionBudget budget() {
    return budget;
  }

  /**
   * Prepares what is local and, if the model is committed and no person holds another one, makes it
   * the site's deployment.
   *
   * @throws RefusedException if there is nothing to fit the normalisation on, the model lacks the
   *     statistics that the task wants, the engine cannot run the task's network, or the model is
   *     to be deployed and predicts more slowly than the task allows
   */
  Normalisation prepare(
      KnownTask task, ReplyKey key, Plan plan, float[] vector, TrainingProgress progress)
      throws RefusedException {
    Optional<String> refusal = engine.refusal(deployments.network(task));
    if (refusal.isPresent()) {
      throw new RefusedException("model", refusal.get());
    }
    // Loads it: before a part needs it, and not while a deployment waits for it.
    log.debug("Working on {}", engine.description());
    Normalisation normalisation =
        task.task().standardisesTogether()
            ? statistics.normalisation(task, plan.model())
            : own(task, key, plan);
    clusters.keep(task, key, plan, vector, normalisation, progress);
    if (plan.committed()) {
      if (deployments.pin(task).isEmpty()) {
        budget.require(task);
      }
      if (tuning.isDue(task, plan.model().version()) && deployments.pin(task).isEmpty()) {
        tune(task, key, plan, vector, normalisation, progress);
      }
      thresholds.keep(task, key, plan, vector, normalisation, progress);
      deployments.activate(task, plan.model(), vector);
    }
    return normalisation;
  }

  /** The site's own normalisation, fitted if it is not there yet. */
  private Normalisation own(KnownTask task, ReplyKey key, Plan plan) throws RefusedException {
    Optional<Normalisation> known = deployments.normalisation(task);
    if (known.isPresent()) {
      return known.get();
    }
    Schema schema = task.task().schema();
    List<Example> train = reading.ofRole(schema, DataRole.TRAIN);
    if (train.isEmpty()) {
      throw new RefusedException(
          "examples", "there is no training example to fit the normalisation on");
    }
    ReplyKey fit =
        new ReplyKey(key.task(), key.round(), key.attempt(), BEFORE_THE_PHASE, key.site());
    reading.begin(fit, NORMALISE, plan, train);
    if (plan.request().equals(TRAIN)) {
      // Parts go on coming; the first training reads what the normalisation was fitted on.
      reading.beginUnlessKnown(key, TRAIN, plan, train);
    }
    Normalisation fitted = preparation.fit(schema, train);
    deployments.normalise(task, fitted);
    return fitted;
  }

  /**
   * Works on a plan's request. What it reads is on disk before it starts.
   *
   * @param key the reply it is for
   * @param vector parameters of the plan's model
   * @param progress told after each training step and each batch of an evaluation
   * @return the reply; its chunks are in the blob store
   * @throws CancellationException if progress said false
   * @throws RefusedException if this site cannot answer; the reason is for the coordinator's
   *     operator and names no part
   */
  Manifest work(KnownTask task, ReplyKey key, Plan plan, float[] vector, TrainingProgress progress)
      throws RefusedException {
    if (plan.request().equals(STATISTICS)) {
      return statistics.tell(task, key, plan);
    }
    Normalisation normalisation = prepare(task, key, plan, vector, progress);
    return switch (plan.request()) {
      case TRAIN -> train(task, key, plan, vector, normalisation, progress);
      case EVALUATE ->
          evaluate(task, key, plan, vector, normalisation, DataRole.VALIDATION, progress);
      case TEST -> evaluate(task, key, plan, vector, normalisation, DataRole.TEST, progress);
      case DEPLOY -> deployed(task, plan);
      default ->
          throw new RefusedException(
              "request",
              "this program does not know the request \"" + plan.request() + "\"; update it");
    };
  }

  /** What it reads is on disk before it starts, as with every training. */
  private void tune(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] vector,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    Schema schema = task.task().schema();
    List<Example> train = reading.ofRole(schema, DataRole.TRAIN);
    if (train.isEmpty()) {
      return;
    }
    ReplyKey of =
        new ReplyKey(key.task(), plan.model().version(), 0, BEFORE_THE_DEPLOYMENT, key.site());
    UseManifest use = reading.beginUnlessKnown(of, FINE_TUNE, plan, train);
    tuning.run(
        task,
        deployments.network(task),
        of,
        vector,
        reading.inputs(task, use, normalisation),
        judging(schema, normalisation),
        use.seed(),
        progress);
  }

  /** Trainings of a task since start. */
  long trained(Digest task) {
    Trained last = trainings.get(task);
    return last == null ? 0 : last.times();
  }

  /** Mean loss of the last of them; NaN before the first. */
  double loss(Digest task) {
    Trained last = trainings.get(task);
    return last == null ? Double.NaN : last.loss();
  }

  private Manifest train(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] travelled,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    UseManifest use = reading.begin(task, key, plan, DataRole.TRAIN);
    LabelledInputs inputs = reading.inputs(task, use, normalisation);
    Network network = deployments.network(task);
    int cluster = personal.cluster(task, plan.model().version());
    LocalTraining.Outcome outcome =
        new LocalTraining(engine, personal, task, network, key, cluster, use.seed())
            .run(
                travelled, plan.counted(key.site()), inputs, judged(task, normalisation), progress);
    TrainedVector trained = outcome.trained();
    float[] start = outcome.start();
    reading.requireWhole(use);
    double loss = trained.lossSum() / trained.lossCount();
    trainings.merge(
        task.digest(), new Trained(1, loss), (a, b) -> new Trained(a.times() + 1, b.loss()));
    List<Metric> metrics =
        TrainingMetrics.of(
            task.task(),
            inputs,
            trained,
            cluster,
            () -> scoring.of(task, network, start, inputs, progress).loss());
    Manifest update =
        new Manifest(
            plan.model().digest(),
            List.of(
                new UpdateCoder(personal.book(), chunks)
                    .code(
                        task.task().compression(),
                        key,
                        outcome.update(),
                        plan.counted(key.site()),
                        ranges(task, network, plan),
                        use.seed())),
            inputs.count(),
            Disclosure.INDIVIDUAL,
            metrics,
            Optional.empty(),
            0,
            use.digest());
    return gate.tellsLabels() ? update.with(SharedLabels.of(task.task(), inputs)) : update;
  }

  private List<UpdateRange> ranges(KnownTask task, Network network, Plan plan) {
    return codecs.updates(
        task.task().compression(),
        PersonalModels.exchange(task, network).layout(),
        plan.rangeElements());
  }

  /** The examples that decide when a training stops; null where it makes all its epochs. */
  private @Nullable LabelledInputs judged(KnownTask task, Normalisation normalisation) {
    if (task.task().local().patience() == 0) {
      return null;
    }
    return judging(task.task().schema(), normalisation);
  }

  private @Nullable LabelledInputs judging(Schema schema, Normalisation normalisation) {
    List<Example> validation = reading.normal(schema, DataRole.VALIDATION);
    return validation.isEmpty() ? null : preparation.inputs(schema, normalisation, validation);
  }

  private Manifest evaluate(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] vector,
      Normalisation normalisation,
      DataRole role,
      TrainingProgress progress)
      throws RefusedException {
    UseManifest use = reading.begin(task, key, plan, role);
    LabelledInputs inputs = reading.inputs(task, use, normalisation);
    Network network = deployments.network(task);
    Optional<Evaluation> evaluation = Optional.empty();
    if (inputs.count() >= Math.max(1, task.task().leastCount())) {
      float[] runs = personal.runs(task, network, vector, plan.model().version());
      evaluation =
          Optional.of(
                  thresholds.isNeeded(task)
                      ? thresholds.evaluate(task, key, plan, runs, inputs, normalisation, progress)
                      : scoring.of(task, network, runs, inputs, progress))
              .filter(each -> each.count() >= task.task().leastCount());
    }
    reading.requireWhole(use);
    return new Manifest(
        plan.model().digest(),
        List.of(),
        0,
        Disclosure.INDIVIDUAL,
        List.of(),
        evaluation,
        0,
        use.digest());
  }

  private Manifest deployed(KnownTask task, Plan plan) throws RefusedException {
    Optional<Deployment> asked =
        deployments
            .of(task.digest())
            .filter(each -> each.model().digest().equals(plan.model().digest()));
    if (asked.isEmpty() && deployments.pin(task).isEmpty()) {
      throw new RefusedException("deployment", "no model could be deployed");
    }
    return new Manifest(
        plan.model().digest(),
        List.of(),
        0,
        Disclosure.INDIVIDUAL,
        List.of(),
        Optional.empty(),
        asked.map(Deployment::localRevision).orElse(NOT_DEPLOYED),
        null);
  }
}
