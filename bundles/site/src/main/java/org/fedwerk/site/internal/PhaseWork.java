// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a plan asks for: trains, evaluates, deploys. For the site's one work thread; holds
 * nothing between calls.
 */
final class PhaseWork {
  private static final Logger log = LoggerFactory.getLogger(PhaseWork.class);

  /** What a plan may ask for. */
  static final String TRAIN = "train";

  static final String EVALUATE = "evaluate";
  static final String TEST = "test";
  static final String DEPLOY = "deploy";

  /** Asks for nothing more; late sites deploy its model. */
  static final String FINISHED = "finished";

  private static final int PREDICTION_BATCH = 256;

  private final ExampleSource examples;
  private final Preparation preparation;
  private final Engine engine;
  private final Deployments deployments;
  private final ManifestBook manifests;
  private final Blobs blobs;

  PhaseWork(
      ExampleSource examples,
      Preparation preparation,
      Engine engine,
      Deployments deployments,
      ManifestBook manifests,
      Blobs blobs) {
    this.examples = examples;
    this.preparation = preparation;
    this.engine = engine;
    this.deployments = deployments;
    this.manifests = manifests;
    this.blobs = blobs;
  }

  /**
   * Prepares what is local and, if the model is committed, makes it the site's deployment.
   *
   * @throws RefusedException if there is nothing to fit the normalisation on
   */
  Normalisation prepare(KnownTask task, Plan plan, float[] vector) throws RefusedException {
    // Loads it: before a part needs it, and not between what is fitted on and what is trained on.
    log.debug("Working on {}", engine.description());
    Optional<Normalisation> known = deployments.normalisation(task);
    if (known.isEmpty()) {
      Schema schema = task.task().schema();
      List<Example> train = ofRole(schema, DataRole.TRAIN);
      if (train.isEmpty()) {
        throw new RefusedException(
            "examples", "there is no training example to fit the normalisation on");
      }
      known = Optional.of(preparation.fit(schema, train));
      deployments.normalise(task, known.get());
    }
    if (plan.committed()) {
      deployments.activate(task, plan.model(), vector);
    }
    return known.get();
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
    Normalisation normalisation = prepare(task, plan, vector);
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

  private Manifest train(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] start,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    UseManifest use = manifest(task, key, plan, DataRole.TRAIN);
    LabelledInputs inputs = inputs(task, use, normalisation);
    Network network = deployments.network(task);
    TrainedVector trained =
        engine.train(network, task.task().training(), inputs, start, use.seed(), progress);
    float[] delta = sharedDelta(network.layout(), trained.vector(), start);
    List<Metric> metrics = new ArrayList<>();
    if (trained.lossCount() >= task.task().leastCount()) {
      metrics.add(
          new Metric(
              "train.loss",
              trained.lossSum() / trained.lossCount(),
              trained.lossCount(),
              Disclosure.INDIVIDUAL));
    }
    return new Manifest(
        plan.model().digest(),
        List.of(section(delta, plan.rangeElements())),
        inputs.count(),
        Disclosure.INDIVIDUAL,
        metrics,
        Optional.empty(),
        0,
        use.digest());
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
    UseManifest use = manifest(task, key, plan, role);
    LabelledInputs inputs = inputs(task, use, normalisation);
    Network network = deployments.network(task);
    int classes = network.outputs();
    Optional<Evaluation> evaluation = Optional.empty();
    if (inputs.count() >= Math.max(1, task.task().leastCount())) {
      evaluation =
          Optional.of(
              preparation.evaluate(
                  classes, inputs, probabilities(network, vector, inputs, progress)));
    }
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

  private float[] probabilities(
      Network network, float[] vector, LabelledInputs inputs, TrainingProgress progress) {
    int width = inputs.values().length / inputs.count();
    float[] all = new float[inputs.count() * network.outputs()];
    try (Predictor predictor = engine.predictor(network, vector)) {
      for (int from = 0; from < inputs.count(); from += PREDICTION_BATCH) {
        int count = Math.min(PREDICTION_BATCH, inputs.count() - from);
        float[] slice = Arrays.copyOfRange(inputs.values(), from * width, (from + count) * width);
        float[] some = predictor.predict(count, slice);
        System.arraycopy(some, 0, all, from * network.outputs(), some.length);
        if (!progress.step(from + count, inputs.count())) {
          throw new CancellationException("the evaluation was cancelled");
        }
      }
    }
    return all;
  }

  private Manifest deployed(KnownTask task, Plan plan) throws RefusedException {
    Deployment active =
        deployments
            .of(task.digest())
            .orElseThrow(() -> new RefusedException("deployment", "no model could be deployed"));
    return new Manifest(
        active.model().digest(),
        List.of(),
        0,
        Disclosure.INDIVIDUAL,
        List.of(),
        Optional.empty(),
        active.localRevision(),
        null);
  }

  private UseManifest manifest(KnownTask task, ReplyKey key, Plan plan, DataRole role) {
    return manifests
        .find(key)
        .orElseGet(
            () -> {
              List<UsedExample> used =
                  ofRole(task.task().schema(), role).stream()
                      .map(
                          each -> new UsedExample(each.serial(), each.labelRevision(), each.role()))
                      .toList();
              UseManifest fresh =
                  new UseManifest(
                      key,
                      plan.request(),
                      plan.model().digest(),
                      ManifestBook.seed(key),
                      engine.description(),
                      used);
              manifests.add(fresh);
              return fresh;
            });
  }

  private List<Example> ofRole(Schema schema, DataRole role) {
    return examples.examples(schema).stream().filter(each -> each.role() == role).toList();
  }

  private LabelledInputs inputs(KnownTask task, UseManifest use, Normalisation normalisation)
      throws RefusedException {
    Schema schema = task.task().schema();
    Map<String, Example> bySerial = new HashMap<>();
    examples.examples(schema).forEach(each -> bySerial.put(each.serial(), each));
    List<Example> wanted = new ArrayList<>();
    for (UsedExample each : use.examples()) {
      Example example = bySerial.get(each.serial());
      if (example == null || example.labelRevision() != each.labelRevision()) {
        log.info(
            "Part {}, which {} was to read, is gone or was labelled anew since",
            each.serial(),
            use.key());
        throw new RefusedException(
            "examples", "a part that this phase began with is gone or was labelled anew since");
      }
      wanted.add(example);
    }
    if (wanted.isEmpty()) {
      throw new RefusedException("examples", "there is no example for request " + use.request());
    }
    return preparation.inputs(schema, normalisation, wanted);
  }

  private static float[] sharedDelta(Layout layout, float[] trained, float[] start) {
    int size =
        layout.entries().stream()
            .filter(entry -> entry.role() == ParameterRole.SHARED)
            .mapToInt(LayoutEntry::size)
            .sum();
    float[] delta = new float[size];
    int at = 0;
    for (LayoutEntry entry : layout.entries()) {
      if (entry.role() == ParameterRole.SHARED) {
        for (int i = entry.offset(); i < entry.offset() + entry.size(); i++) {
          delta[at++] = trained[i] - start[i];
        }
      }
    }
    return delta;
  }

  private Section section(float[] delta, int rangeElements) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < delta.length; from += rangeElements) {
      int count = Math.min(rangeElements, delta.length - from);
      byte[] bytes = Float32.encode(delta, from, count);
      chunks.add(new Chunk(from, count, bytes.length, blobs.put(bytes)));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
  }
}
