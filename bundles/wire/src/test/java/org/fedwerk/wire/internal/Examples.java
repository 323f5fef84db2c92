// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Clusters;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.Section;

/** One message of each sealed kind; the golden files are made of them, so they never change. */
final class Examples {
  static final Party COORDINATOR = new Party(Party.Role.COORDINATOR, "hub");
  static final Party SITE = new Party(Party.Role.SITE, "plant-a");
  static final Digest TASK = digest("task");

  private Examples() {}

  static Digest digest(String of) {
    return Digest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  static Message of(Kind kind) {
    return new Message(header(kind), body(kind));
  }

  static Header header(Kind kind) {
    boolean fromSite = kind.mayBeSentBy(Party.Role.SITE);
    boolean noTask = kind == Kind.SYNC;
    boolean everyone = kind == Kind.TASK || kind == Kind.PLAN;
    boolean outsideRounds =
        noTask
            || kind == Kind.TASK
            || kind == Kind.READY
            || kind == Kind.ASSIGNMENT
            || kind == Kind.RUNNING;
    return new Header(
        1,
        0,
        "pumps",
        fromSite ? SITE : COORDINATOR,
        everyone ? Header.ALL : fromSite ? COORDINATOR.id() : SITE.id(),
        kind,
        noTask ? null : TASK,
        outsideRounds ? 0 : 7,
        outsideRounds ? 0 : 2,
        outsideRounds ? -1 : 1,
        300 + kind.ordinal(),
        kind == Kind.RECEIPT ? 1234 : 0,
        noTask ? 0 : 1,
        Header.NO_ENCRYPTION);
  }

  static Address address(Kind kind) {
    Header header = header(kind);
    Digest task = header.task();
    Address.Branch branch =
        header.sender().role() == Party.Role.SITE
            ? Address.Branch.FROM
            : header.recipient().equals(Header.ALL) ? Address.Branch.ALL : Address.Branch.TO;
    return new Address(
        "pumps",
        branch,
        branch == Address.Branch.ALL ? null : SITE.id(),
        kind,
        task == null ? Address.NO_TASK : task.brief());
  }

  /** A plan whose model is told as a change, too. */
  static Body.Plan changed() {
    Body.Plan plan = (Body.Plan) body(Kind.PLAN);
    Section coded = section(Section.CHANGE, 16_384, 16_384, 9);
    Section change = new Section(coded.name(), "topk.i8.zstd", coded.disclosure(), coded.chunks());
    return plan.with(
        plan.model().with(Optional.of(new ModelChange(digest("model before"), change))));
  }

  /** Of two signals, the second without a value. */
  private static final List<Moments> STATISTICS =
      List.of(new Moments(36_720, -12.5, 0.0625), Moments.NONE);

  /** A plan whose model is standardised by what sites have told. */
  static Body.Plan standardised() {
    Body.Plan plan = (Body.Plan) body(Kind.PLAN);
    return plan.with(plan.model().with(STATISTICS));
  }

  /** The answer to a plan that asks for statistics. */
  static Body.Manifest statistics() {
    return new Body.Manifest(
        digest("model"),
        List.of(),
        0,
        Disclosure.INDIVIDUAL,
        List.of(),
        Optional.empty(),
        0,
        digest("training manifest"),
        STATISTICS,
        Optional.empty());
  }

  /** An update that tells how many training examples each class has. */
  static Body.Manifest classes() {
    Body.Manifest update = (Body.Manifest) body(Kind.MANIFEST);
    return update.with(Optional.of(LabelStatistics.ofClasses(List.of(1500L, 0L, 340L))));
  }

  /** An update that tells of the number that its training examples are labelled with. */
  static Body.Manifest numbers() {
    Body.Manifest update = (Body.Manifest) body(Kind.MANIFEST);
    return update.with(Optional.of(LabelStatistics.ofValue(new Moments(1840, 65.5, 144))));
  }

  static Body body(Kind kind) {
    return switch (kind) {
      case TASK -> new Body.TaskOffer("task: pump-wear\npurpose: Verschleiß früh sehen\n");
      case PLAN ->
          new Body.Plan(
              "train",
              "train",
              List.of("plant-a", "plant-b", "plant-c"),
              new ModelReference(
                  6,
                  digest("model"),
                  digest("layout"),
                  section(Section.PARAMETERS, 16_384, 16_384, 9)),
              true,
              16_384,
              Duration.ofMillis(20_500));
      case RECEIPT -> new Body.Receipt(digest("manifest"), false, "the round is over");
      case SYNC ->
          new Body.Sync(
              "0.1.0",
              List.of(
                  new Body.TaskStanding(TASK, new Position(1, 7, 2, 1), digest("model")),
                  new Body.TaskStanding(digest("other task"), Position.NONE, null)));
      case READY -> new Body.Ready(true, "", 612, 203, 198);
      case PROGRESS -> new Body.Progress("training", 40, 153);
      case MANIFEST ->
          new Body.Manifest(
              digest("model"),
              List.of(section(Section.DELTA, 16_384, 16_384, 9)),
              612,
              Disclosure.INDIVIDUAL,
              List.of(new Metric("train.loss", 0.4375, 612, Disclosure.SUM_ONLY)),
              Optional.of(evaluation()),
              3,
              digest("training manifest"));
      case LEAVE -> new Body.Leave(true, "approval was taken back");
      case FETCH -> new Body.Fetch(List.of(digest("chunk 0"), digest("chunk 1")));
      case ASSIGNMENT ->
          new Body.Assignment(
              41,
              Optional.of(
                  new ModelReference(
                      6,
                      digest("model"),
                      digest("layout"),
                      section(Section.PARAMETERS, 16_384, 16_384, 9))));
      case RUNNING ->
          new Body.Running(
              41,
              List.of(
                  new Body.Served(
                      digest("model"),
                      true,
                      false,
                      250,
                      1,
                      List.of(
                          new Metric(Body.Served.ALARM_RATE, 0.125, 250, Disclosure.INDIVIDUAL),
                          new Metric(Body.Served.LATENCY_P99, 0.25, 250, Disclosure.INDIVIDUAL))),
                  new Body.Served(digest("model before"), false, false, 9000, 0, List.of())));
      case DRIFT ->
          new Body.Drift(
              digest("model"),
              "psi",
              List.of(
                  new Metric(Body.Drift.INPUTS_DRIFTED, 3, 500, Disclosure.INDIVIDUAL),
                  new Metric(Body.Drift.INPUTS_MOST, 0.5, 500, Disclosure.INDIVIDUAL),
                  new Metric(Body.Drift.SCORE, 0.125, 500, Disclosure.INDIVIDUAL)));
      case CHUNK -> throw new IllegalArgumentException("chunks are not sealed");
    };
  }

  /** Of more chunks than a message names itself, in two pieces of a list. */
  static Section longSection(String name) {
    int[] counts = new int[70];
    Arrays.fill(counts, 400);
    counts[69] = 9;
    return section(name, counts);
  }

  /** A plan or manifest of protocol 1.1, whose section has a list of its own. */
  static Body listed(Kind kind) {
    if (body(kind) instanceof Body.Plan plan) {
      return plan.with(plan.model().with(longSection(Section.PARAMETERS)));
    }
    Body.Manifest manifest = (Body.Manifest) body(Kind.MANIFEST);
    return new Body.Manifest(
        manifest.base(),
        List.of(longSection(Section.DELTA)),
        manifest.weight(),
        manifest.weightDisclosure(),
        manifest.metrics(),
        manifest.evaluation(),
        manifest.localRevision(),
        manifest.training());
  }

  /** The plan of a task that a person ended. */
  static Body.Plan stopped() {
    Body.Plan plan = (Body.Plan) body(Kind.PLAN);
    return new Body.Plan(
        "stopped",
        "stopped",
        List.of(),
        plan.model(),
        plan.committed(),
        plan.rangeElements(),
        plan.stall(),
        "aborted by ops: Prüfplan geändert");
  }

  /** A plan of a task with control variates. */
  static Body.Plan counted() {
    Body.Plan plan = (Body.Plan) body(Kind.PLAN);
    return new Body.Plan(
        plan.phase(),
        plan.request(),
        plan.cohort(),
        plan.model(),
        plan.committed(),
        plan.rangeElements(),
        plan.stall(),
        "",
        List.of(6, 0, 4));
  }

  /** A plan of a task whose sites are split: the third has no model yet. */
  static Body.Plan clustered() {
    Body.Plan plan = (Body.Plan) body(Kind.PLAN);
    return new Body.Plan(
        plan.phase(),
        plan.request(),
        plan.cohort(),
        plan.model(),
        plan.committed(),
        plan.rangeElements(),
        plan.stall(),
        "",
        List.of(),
        new Clusters(2, List.of(2, 1, 0)));
  }

  private static Section section(String name, int... counts) {
    Chunk[] chunks = new Chunk[counts.length];
    int from = 0;
    for (int i = 0; i < counts.length; i++) {
      chunks[i] = new Chunk(from, counts[i], 4 * counts[i], digest(name + i));
      from += counts[i];
    }
    return new Section(name, Section.F32LE, Disclosure.INDIVIDUAL, List.of(chunks));
  }

  private static Evaluation evaluation() {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][0] = 150;
    histogram[0][17] = 40;
    histogram[1][255] = 13;
    return new Evaluation(203, 71.25, new long[][] {{180, 10}, {3, 10}}, histogram);
  }
}
