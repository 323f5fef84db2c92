// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.Section;

/**
 * A site that follows the protocol with invented numbers: its delta depends on its name and the
 * model only, so that the same run gives the same digests.
 */
final class ScriptedSite {
  final String id;
  final List<Body.Receipt> receipts = new ArrayList<>();
  final List<Body.Plan> plans = new ArrayList<>();
  final List<Body.Assignment> assignments = new ArrayList<>();

  /** Which message of this site each fetch answered. */
  final List<Long> fetchesAnswered = new ArrayList<>();

  final Map<Digest, byte[]> chunks = new HashMap<>();
  final Map<String, Body.Manifest> outbox = new HashMap<>();
  private final TestMessages sealed;
  private final BiConsumer<Address, byte[]> link;
  final int weight;
  private Position highest = Position.NONE;
  private Header lastPlan;
  private Body.Plan waitingForModel;
  private long sequence;
  Digest task;
  Digest deployed;

  /** True while the site says nothing. */
  boolean isMute;

  /** True while it loses each first chunk asked of it. */
  boolean losesChunks;

  /** The only task that it follows; null for any. */
  Digest only;

  /** How many of 200 examples a model gets right; null for one more with each version. */
  ToLongFunction<float[]> judge;

  /** What it tells of its training labels. */
  Optional<LabelStatistics> labels = Optional.empty();

  /** A value that its delta begins with instead of the honest one. */
  float poison = 0;

  ScriptedSite(String id, int weight, TestMessages sealed, BiConsumer<Address, byte[]> link) {
    this.id = id;
    this.weight = weight;
    this.sealed = sealed;
    this.link = link;
  }

  /** Sequence of its newest message. */
  long said() {
    return sequence;
  }

  void sync() {
    List<Body.TaskStanding> standings =
        task == null ? List.of() : List.of(new Body.TaskStanding(task, highest, deployed));
    say(null, new Body.Sync("0.1.0", standings), 0, 0, -1);
  }

  void receive(Address address, byte[] payload) throws Exception {
    if (isMute || (only != null && !only.brief().equals(address.task()))) {
      return;
    }
    if (address.kind() == Kind.CHUNK) {
      chunks.put(Digest.of(payload), payload);
      Body.Plan plan = waitingForModel;
      if (plan != null) {
        answer(plan);
      }
      return;
    }
    Message message = sealed.open(address, payload);
    Header header = message.header();
    if (message.body() instanceof Body.TaskOffer) {
      task = header.task();
      say(task, new Body.Ready(true, "", weight, 200, 200), 0, 0, -1);
    } else if (message.body() instanceof Body.Plan plan) {
      plans.add(plan);
      if (header.position().compareTo(highest) >= 0 && plan.cohort().contains(id)) {
        highest = header.position();
        lastPlan = header;
        answer(plan);
      }
    } else if (message.body() instanceof Body.Fetch fetch) {
      fetchesAnswered.add(header.replyTo());
      for (Digest digest : fetch.digests()) {
        byte[] bytes = chunks.get(digest);
        if (bytes != null && !losesChunks) {
          link.accept(address(Kind.CHUNK), bytes);
        }
      }
      losesChunks = false;
    } else if (message.body() instanceof Body.Receipt receipt) {
      receipts.add(receipt);
    } else if (message.body() instanceof Body.Assignment assignment) {
      assignments.add(assignment);
      deployed = assignment.model().map(ModelReference::digest).orElse(null);
    }
  }

  /** Says that it follows the newest assignment, and how that does. */
  void running(long predictions, long failures, double alarmRate) {
    long revision = assignments.get(assignments.size() - 1).revision();
    List<Metric> metrics =
        List.of(
            new Metric(Body.Served.ALARM_RATE, alarmRate, predictions, Disclosure.INDIVIDUAL),
            new Metric(Body.Served.LATENCY_P99, 0.01, predictions, Disclosure.INDIVIDUAL));
    List<Body.Served> served =
        deployed == null
            ? List.of()
            : List.of(new Body.Served(deployed, true, false, predictions, failures, metrics));
    say(task, new Body.Running(revision, served), 0, 0, -1);
  }

  private void answer(Body.Plan plan) {
    waitingForModel = null;
    List<Digest> missing =
        plan.model().parameters().chunks().stream()
            .map(Chunk::digest)
            .filter(digest -> !chunks.containsKey(digest))
            .toList();
    if (!missing.isEmpty()) {
      waitingForModel = plan;
      say(new Body.Fetch(missing));
      return;
    }
    if (plan.committed()) {
      deployed = plan.model().digest();
    }
    if (plan.request().equals("finished")) {
      return;
    }
    String key = lastPlan.round() + "/" + lastPlan.attempt() + "/" + lastPlan.phase();
    say(outbox.computeIfAbsent(key, k -> manifest(plan)));
  }

  private Body.Manifest manifest(Body.Plan plan) {
    boolean trains = plan.request().equals("train");
    List<Section> sections = trains ? List.of(delta(plan)) : List.of();
    boolean evaluates = plan.request().equals("evaluate") || plan.request().equals("test");
    return new Body.Manifest(
        plan.model().digest(),
        sections,
        trains ? weight : 0,
        Disclosure.INDIVIDUAL,
        trains
            ? List.of(new Metric("train.loss", 1.0 / weight, weight, Disclosure.SUM_ONLY))
            : List.of(),
        evaluates ? Optional.of(evaluation(plan.model())) : Optional.empty(),
        plan.request().equals("deploy") ? 1 : 0,
        null,
        plan.request().equals("statistics") ? List.of(statistics()) : List.of(),
        trains ? labels : Optional.empty());
  }

  /** Of the one signal; the level is the site's own. */
  Moments statistics() {
    return new Moments(weight, weight / 100.0, 1);
  }

  /** One of 200 examples more is right with each version. */
  private Evaluation evaluation(ModelReference model) {
    long right =
        judge == null ? 100 + Math.min(90, model.version()) : judge.applyAsLong(vector(model));
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][3] = 200;
    return new Evaluation(200, 50, new long[][] {{right, 200 - right}, {0, 0}}, histogram);
  }

  /** Parameters of a model whose chunks it has. */
  float[] vector(ModelReference model) {
    float[] vector = new float[model.parameters().size()];
    for (Chunk chunk : model.parameters().chunks()) {
      Float32.decode(chunks.get(chunk.digest()), vector, chunk.from(), chunk.count());
    }
    return vector;
  }

  Section delta(Body.Plan plan) {
    float[] vector = vector(plan.model());
    float[] delta = new float[vector.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = (id.hashCode() % 7 + i - vector[i]) / 4;
    }
    if (poison != 0) {
      delta[0] = poison;
    }
    List<Chunk> list = new ArrayList<>();
    for (int from = 0; from < delta.length; from += plan.rangeElements()) {
      int count = Math.min(plan.rangeElements(), delta.length - from);
      byte[] bytes = Float32.encode(delta, from, count);
      chunks.put(Digest.of(bytes), bytes);
      list.add(new Chunk(from, count, bytes.length, Digest.of(bytes)));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, list);
  }

  /** Says something about the newest plan. */
  void say(Body body) {
    say(task, body, lastPlan.round(), lastPlan.attempt(), lastPlan.phase());
  }

  void say(Digest about, Body body, int round, int attempt, int phase) {
    Header header =
        new Header(
            1,
            0,
            Fixtures.FEDERATION,
            new Party(Party.Role.SITE, id),
            Fixtures.COORDINATOR.id(),
            body.kind(),
            about,
            round,
            attempt,
            phase,
            ++sequence,
            0,
            1,
            Header.NO_ENCRYPTION);
    String brief = about == null ? Address.NO_TASK : about.brief();
    Address address = new Address(Fixtures.FEDERATION, Address.Branch.FROM, id, body.kind(), brief);
    link.accept(address, sealed.seal(new Message(header, body)));
  }

  private Address address(Kind kind) {
    return new Address(Fixtures.FEDERATION, Address.Branch.FROM, id, kind, task.brief());
  }
}
