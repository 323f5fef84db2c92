// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.learn.internal.NamedArchitectures;

/**
 * What sites sent, taken down beside the network: whether a reply was ever sent with two contents,
 * and what the models must be if exactly these replies, each once, were added up. Thread-safe.
 */
public final class Replies {
  private static final String STATISTICS = "statistics";
  private static final String TRAIN = "train";

  private final SealedMessages coordinator;
  private final Map<ReplyKey, Set<Digest>> contents = new HashMap<>();
  private final Map<ReplyKey, Body.Manifest> manifests = new HashMap<>();
  private final Map<Digest, byte[]> chunks = new HashMap<>();
  private final List<String> contradictions = new ArrayList<>();

  /** Opens messages as the coordinator does. */
  public Replies(SealedMessages coordinator) {
    this.coordinator = coordinator;
  }

  /** A message was sent by anybody. */
  public synchronized void sent(Address address, byte[] payload) {
    if (address.branch() != Address.Branch.FROM) {
      return;
    }
    if (address.kind() == Kind.CHUNK) {
      chunks.putIfAbsent(Digest.of(payload), payload.clone());
    } else if (address.kind() == Kind.MANIFEST) {
      manifest(address, payload);
    }
  }

  private void manifest(Address address, byte[] payload) {
    Message message;
    try {
      message = coordinator.open(address, payload);
    } catch (RefusedException damaged) {
      return; // the coordinator refuses it too
    }
    Header header = message.header();
    Digest task = header.task();
    if (task == null || !(message.body() instanceof Body.Manifest manifest)) {
      return;
    }
    ReplyKey key =
        new ReplyKey(task, header.round(), header.attempt(), header.phase(), header.sender().id());
    manifests.putIfAbsent(key, manifest);
    Set<Digest> seen = contents.computeIfAbsent(key, k -> new LinkedHashSet<>());
    if (seen.add(Digest.of(payload)) && seen.size() > 1) {
      contradictions.add("reply " + key + " was sent with other bytes than before");
    }
  }

  /** Replies that were sent with different bytes. */
  public synchronized List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** How many replies were sent. */
  public synchronized int count() {
    return manifests.size();
  }

  /**
   * Adds up what was sent, round by round, and compares with the models that the coordinator made.
   *
   * @return what differs, in words; empty if every model is the sum of its contributors' bytes
   */
  public synchronized List<String> differences(
      TaskDocument task, List<RoundRecord> rounds, List<ModelVersion> models) {
    List<String> different = new ArrayList<>();
    Map<Integer, ModelVersion> byVersion = new TreeMap<>();
    models.forEach(model -> byVersion.put(model.version(), model));
    Network network = network(task);
    Exchange exchange = Exchange.of(network, task.task().local());
    float[] vector =
        exchange.first(seed -> new NamedArchitectures().initial(network, seed), task.task().seed());
    Map<Digest, float[]> made = new HashMap<>();
    Set<String> known = new TreeSet<>();
    UnaryOperator<double[]> step = step(task.task().strategy().server(), vector.length);
    Optional<Changes> changes =
        task.task()
            .compression()
            .down()
            .map(coding -> new Changes(task.digest(), coding, exchange.layout().size()));
    Map<Integer, Integer> attempts = new TreeMap<>();
    List<Moments> statistics = List.of();
    for (RoundRecord round : rounds) {
      attempts.put(round.round(), round.attempt());
      if (round.protocol().equals(STATISTICS)) {
        statistics = merged(task, round);
      }
      if (!round.protocol().equals(TRAIN)) {
        continue;
      }
      ModelVersion model = byVersion.get(round.round());
      if (model == null) {
        different.add("round " + round.round() + " has no model");
        return different;
      }
      // A task that goes on after its end starts from its best model, which need not be the newest.
      float[] base = made.get(model.base());
      vector = base == null ? vector : base.clone();
      int before = known.size();
      model.contributors().forEach(contributor -> known.add(ModelVersion.site(contributor)));
      BiFunction<double[], List<float[]>, double[]> whole = (mean, deltas) -> step.apply(mean);
      if (exchange.hasControl()) {
        whole = control(exchange, vector, before, known.size());
      }
      Optional<String> why = add(task, round, model, attempts, vector, whole, changes);
      Digest sum = GlobalDigest.of(task.digest(), exchange.layout(), vector, statistics);
      if (why.isPresent() || !sum.equals(model.digest())) {
        different.add(
            "model "
                + model.version()
                + " is not the sum of its replies: "
                + why.orElse(sum.brief() + " is, " + model.digest().brief() + " was made"));
        return different;
      }
      made.put(model.digest(), vector.clone());
    }
    return different;
  }

  /** What sites told of their inputs, merged in the order of their ids. */
  private List<Moments> merged(TaskDocument task, RoundRecord round) {
    List<Moments> merged = new ArrayList<>();
    for (String site : round.cohort()) {
      Body.Manifest told =
          manifests.get(new ReplyKey(task.digest(), round.round(), round.attempt(), 0, site));
      if (told == null || round.missing().containsKey(site)) {
        continue;
      }
      for (int pool = 0; pool < told.statistics().size(); pool++) {
        Moments its = told.statistics().get(pool);
        if (pool == merged.size()) {
          merged.add(its);
        } else {
          merged.set(pool, merged.get(pool).plus(its));
        }
      }
    }
    return merged;
  }

  /** The server optimizer's, with its state over the whole vector. */
  private static UnaryOperator<double[]> step(StrategySpec.Server spec, int length) {
    if (!spec.isOptimizing()) {
      return delta -> delta;
    }
    ServerOptimizer optimizer = Rules.optimizer(spec.optimizer());
    float[][] state = new float[optimizer.vectors()][length];
    return delta -> optimizer.step(spec, delta, state);
  }

  /**
   * The sum of the changes of control variates as a change of the mean over all sites known. Summed
   * itself, for a mean times their number may be the next float.
   */
  private static BiFunction<double[], List<float[]>, double[]> control(
      Exchange exchange, float[] vector, int before, int after) {
    return (mean, deltas) -> {
      for (int i = exchange.parameters(); i < mean.length; i++) {
        double sum = 0;
        for (float[] delta : deltas) {
          sum += delta[i];
        }
        mean[i] = (sum - (double) (after - before) * vector[i]) / after;
      }
      return mean;
    };
  }

  private static Network network(TaskDocument task) {
    Architectures architectures = new NamedArchitectures();
    try {
      return architectures.network(task.task().model(), task.task().schema());
    } catch (RefusedException refused) {
      throw new IllegalArgumentException(refused.getMessage(), refused);
    }
  }

  private Optional<String> add(
      TaskDocument task,
      RoundRecord round,
      ModelVersion model,
      Map<Integer, Integer> attempts,
      float[] vector,
      BiFunction<double[], List<float[]>, double[]> step,
      Optional<Changes> changes) {
    List<float[]> deltas = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    Map<Integer, Integer> parted = new TreeMap<>();
    for (String contributor : model.contributors().stream().distinct().toList()) {
      String site = ModelVersion.site(contributor);
      int of = startedIn(contributor, round.round());
      ReplyKey key = new ReplyKey(task.digest(), of, attempts.getOrDefault(of, 0), 0, site);
      Body.Manifest manifest = manifests.get(key);
      float[] delta = manifest == null ? null : delta(task, manifest);
      if (manifest == null || delta == null) {
        return Optional.of("reply " + key + " was counted but never sent in full");
      }
      double factor = task.task().rounds().late().factor(round.round() - of);
      for (int i = 0; factor != 1 && i < delta.length; i++) {
        delta[i] = (float) (delta[i] * factor);
      }
      deltas.add(delta);
      weights.add(manifest.weight());
      clusters.add(cluster(manifest));
      double now = round.metrics().getOrDefault("cluster." + site, 0.0);
      if (task.task().local().split().isPresent() && now > 0) {
        parted.put((int) now - 1, cluster(manifest));
      }
    }
    int models = task.task().local().clusters();
    double[] mean =
        step.apply(
            models > 1 ? clustered(models, deltas, weights, clusters) : mean(deltas, weights),
            deltas);
    double[] coded = changes.isEmpty() ? mean : changes.get().coded(mean, model.version());
    for (int i = 0; i < mean.length; i++) {
      vector[i] = (float) (vector[i] + coded[i]);
    }
    // Sites that were parted in this round go on with a copy of the model that they had.
    int size = vector.length / models;
    parted.forEach((to, from) -> System.arraycopy(vector, from * size, vector, to * size, size));
    return Optional.empty();
  }

  private static double[] mean(List<float[]> deltas, List<Double> weights) {
    return new FedAvg()
        .aggregate(deltas, weights.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Each cluster's part is the mean over its own sites. */
  private static double[] clustered(
      int models, List<float[]> deltas, List<Double> weights, List<Integer> clusters) {
    double[] all = new double[deltas.get(0).length];
    int size = all.length / models;
    for (int cluster = 0; cluster < models; cluster++) {
      List<float[]> own = new ArrayList<>();
      List<Double> their = new ArrayList<>();
      for (int k = 0; k < deltas.size(); k++) {
        if (clusters.get(k) == cluster) {
          own.add(deltas.get(k));
          their.add(weights.get(k));
        }
      }
      if (!own.isEmpty()) {
        System.arraycopy(mean(own, their), cluster * size, all, cluster * size, size);
      }
    }
    return all;
  }

  private static int cluster(Body.Manifest manifest) {
    return manifest.metrics().stream()
        .filter(metric -> metric.name().equals(Metric.TRAIN_CLUSTER))
        .mapToInt(metric -> (int) metric.value() - 1)
        .findFirst()
        .orElse(0);
  }

  /** The round whose plan a contributor answered; a late one names it. */
  private static int startedIn(String contributor, int round) {
    int at = contributor.indexOf('@');
    return at < 0 ? round : Integer.parseInt(contributor.substring(at + 1));
  }

  private float @org.jspecify.annotations.Nullable [] delta(
      TaskDocument task, Body.Manifest manifest) {
    Section section = manifest.sections().get(0);
    Layout layout = Exchange.of(network(task), task.task().local()).layout();
    List<UpdateRange> cut =
        new RangeCodecs().updates(task.task().compression(), layout, Math.max(1, layout.size()));
    float[] delta = new float[section.size()];
    for (Chunk chunk : section.chunks()) {
      byte[] bytes = chunks.get(chunk.digest());
      if (bytes == null) {
        return null;
      }
      float[] range = new float[chunk.count()];
      codec(cut, chunk).decode(bytes, range);
      System.arraycopy(range, 0, delta, chunk.from(), range.length);
    }
    return delta;
  }

  /** Ranges between entries are cut finer in the plan; their codec is the same. */
  private static RangeCodec codec(List<UpdateRange> cut, Chunk chunk) {
    return cut.stream()
        .filter(range -> range.from() + range.count() > chunk.from())
        .findFirst()
        .orElseThrow()
        .codec();
  }
}
