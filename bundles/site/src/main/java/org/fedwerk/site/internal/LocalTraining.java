// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.site.internal.PersonalBook.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A site's training for one round as its task wants it, plain or with control variates, layers of
 * its own, a personal model. What stays at the site is on disk when it returns.
 */
final class LocalTraining {
  private final Engine engine;
  private final PersonalModels models;
  private final KnownTask task;
  private final Network network;
  private final Exchange exchange;
  private final ReplyKey key;
  private final int cluster;
  private final long seed;

  /**
   * A training.
   *
   * @param key the reply it is for
   * @param cluster whose model it begins with, from 0
   */
  LocalTraining(
      Engine engine,
      PersonalModels models,
      KnownTask task,
      Network network,
      ReplyKey key,
      int cluster,
      long seed) {
    this.engine = engine;
    this.models = models;
    this.task = task;
    this.network = network;
    exchange = PersonalModels.exchange(task, network);
    this.key = key;
    this.cluster = cluster;
    this.seed = seed;
  }

  /**
   * What came of it.
   *
   * @param trained of the network's vector
   * @param start network's vector that it began with
   * @param update what travels back, as long as what came
   */
  record Outcome(TrainedVector trained, float[] start, float[] update) {}

  /**
   * Trains.
   *
   * @param travelled the plan's model, maybe with a control variate
   * @param counted round of the newest version that holds an update of this site; 0 if none
   * @param validation decides when to stop; null if all epochs are made
   */
  Outcome run(
      float[] travelled,
      int counted,
      LabelledInputs inputs,
      @Nullable LabelledInputs validation,
      TrainingProgress progress) {
    LocalSpec local = task.task().local();
    float[] start =
        local.isClustered()
            ? exchange.ofCluster(travelled, cluster)
            : models.start(task, network, travelled, key.round() - 1);
    TrainingGuide guide = TrainingGuide.of(validation, local.patience(), local.balancedSampling());
    float[] difference = local.scaffold() ? difference(travelled, counted) : null;
    TrainingGuide corrected = difference == null ? guide : guide.corrected(correction(difference));
    TrainedVector trained =
        local.headEpochs() > 0
            ? headThenBody(inputs, start, corrected, progress)
            : engine.train(network, spec(), inputs, start, corrected, seed, progress);
    float[] update = update(minus(trained.vector(), start));
    if (difference != null) {
      control(update, counted, difference, trained.steps());
    }
    if (!local.layers().isEmpty()) {
      keep(Kind.LAYERS, exchange.local(trained.vector()));
    }
    if (local.isDitto()) {
      personal(inputs, start, guide, progress);
    }
    return new Outcome(trained, start, update);
  }

  private float[] update(float[] delta) {
    return task.task().local().isClustered()
        ? exchange.forCluster(delta, cluster)
        : exchange.travelling(delta);
  }

  private TrainingSpec spec() {
    return task.task().training();
  }

  /** c - c_i, of what travels: what SCAFFOLD adds to each gradient. */
  private float[] difference(float[] travelled, int counted) {
    int size = exchange.parameters();
    return minus(Arrays.copyOfRange(travelled, size, 2 * size), own(counted));
  }

  private float[] own(int counted) {
    return models
        .book()
        .newest(task.digest(), Kind.CONTROL, counted)
        .orElseGet(() -> new float[exchange.parameters()]);
  }

  /** Layers that stay at the site drift from nobody. */
  private float[] correction(float[] difference) {
    return exchange.whole(difference, exchange.local(new float[network.layout().size()]));
  }

  /**
   * c_i+ = c_i - c + (x - y) / (K rate), option II of the article's equation 4; c_i+ - c_i travels
   * behind y - x, which the update holds.
   */
  private void control(float[] update, int counted, float[] difference, int steps) {
    int size = exchange.parameters();
    float[] after = new float[size];
    double scale = 1 / (steps * spec().rate());
    for (int i = 0; i < size; i++) {
      after[i] = (float) (-difference[i] - scale * update[i]);
    }
    models.book().keep(key, Kind.CONTROL, after, counted);
    System.arraycopy(minus(after, own(counted)), 0, update, size, size);
  }

  /** FedRep: the site's own layers first, then the others with those at rest. */
  private TrainedVector headThenBody(
      LabelledInputs inputs, float[] start, TrainingGuide guide, TrainingProgress progress) {
    TrainedVector head =
        engine.train(
            network,
            with(task.task().local().headEpochs(), spec().proximal()),
            inputs,
            start,
            guide.of(entries(role -> role == ParameterRole.LOCAL)),
            ~seed,
            progress);
    // What travels made the steps of the second part alone.
    return engine.train(
        network,
        spec(),
        inputs,
        head.vector(),
        guide.of(entries(role -> role == ParameterRole.SHARED)),
        seed,
        progress);
  }

  private Set<String> entries(Predicate<ParameterRole> roles) {
    return exchange.network().entries().stream()
        .filter(entry -> roles.test(entry.role()))
        .map(LayoutEntry::name)
        .collect(Collectors.toSet());
  }

  /** Ditto: v learns on, pulled to the global model that this round began with. */
  private void personal(
      LabelledInputs inputs, float[] global, TrainingGuide guide, TrainingProgress progress) {
    float[] before =
        models.book().newest(task.digest(), Kind.MODEL, key.round() - 1).orElse(global);
    TrainedVector after =
        engine.train(
            network,
            with(spec().epochs(), task.task().local().ditto()),
            inputs,
            before,
            guide.anchored(global),
            ~seed,
            progress);
    keep(Kind.MODEL, after.vector());
  }

  private TrainingSpec with(int epochs, double proximal) {
    return spec().with(spec().rate(), epochs, proximal);
  }

  private void keep(Kind kind, float[] vector) {
    models.book().keep(key, kind, vector, key.round() - PersonalModels.back(task));
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }
}
