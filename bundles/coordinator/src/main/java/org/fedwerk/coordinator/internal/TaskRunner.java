// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.round.Effect;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.ModelChoice;
import org.fedwerk.coordinator.internal.round.Phase;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.Reply;
import org.fedwerk.coordinator.internal.round.RoundEngine;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;
import org.fedwerk.coordinator.internal.round.State;
import org.fedwerk.coordinator.internal.round.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task: feeds events to the round engine, forces them to the journal, runs the effects.
 * After trouble with the store the state is read anew from the journal. Runner thread only.
 */
final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  /** Who gives the orders of a restored coordinator. */
  private static final String RESTORE = "restore";

  private final TaskContext context;
  private final TaskServices services;
  private final RoundEngine engine;
  private final TaskJournal journal;
  private final BlobKeeper.Holder blobs;
  private final RoundBlobs roundBlobs;
  private final ModelVectors vectors;
  private final PhaseFolds folds;
  private final ReplyDesk replies;
  private final RoundBook book;
  private final RoundCommit commit;
  private final CohortChoice cohorts;
  private final Plans plans;
  private final Map<String, Integer> examples = new HashMap<>();
  private final Deque<Event> events = new ArrayDeque<>();
  private ModelDesk models;
  private Registry registry;
  private State state;
  private TaskJournal.Replayed replayed;
  private final List<Coordination.Act> acts = new ArrayList<>();
  private boolean busy;

  /** Reads what the journals say; nothing is sent or removed before {@link #resume}. */
  TaskRunner(TaskContext context, TaskServices services) {
    this.context = context;
    this.services = services;
    engine = new RoundEngine(Protocols.rules(context.task()));
    journal = new TaskJournal(services.storage().journal(journalName("rounds")));
    blobs = services.keeper().holder();
    roundBlobs = new RoundBlobs(blobs);
    vectors = new ModelVectors(blobs, context.rangeElements());
    folds = new PhaseFolds(context, vectors, new RangeFold(context.strategy().aggregator(), blobs::get), blobs);
    replies =
        new ReplyDesk(
            blobs,
            (site, chunks) -> send(site, place(), 0, new Body.Fetch(chunks)),
            new ReplyCheck(context)::ranges,
            services.settings().refetch().toNanos());
    book = new RoundBook(services.nanos(), services.clock());
    commit = new RoundCommit(context, book);
    plans = new Plans(context, engine, this::model);
    cohorts = new CohortChoice(context.task().rounds(), context.task().seed());
    models = readModels();
    registry = readRegistry();
    replayed = journal.replay(engine);
    state = replayed.state();
    load();
  }

  /** Reads the journals anew, as after a restart, and goes on. */
  void reload() {
    events.clear();
    busy = false;
    replies.clear((place, site) -> false);
    blobs.forget();
    models = readModels();
    registry = readRegistry();
    replayed = journal.replay(engine);
    state = replayed.state();
    load();
    resume();
  }

  private String journalName(String what) {
    return "coordinator/" + context.digest().brief() + "/" + what;
  }

  private Registry readRegistry() {
    return new Registry(
        context.task().rounds().metric(),
        services.storage().journal(journalName("history")),
        blobs,
        models::needed);
  }

  private ModelDesk readModels() {
    return new ModelDesk(
        context,
        services,
        services.storage().journal(journalName("models")),
        () -> round().ready(),
        (site, assignment) -> send(site, Outgoing.NOWHERE, 0, assignment));
  }

  private void load() {
    book.load(replayed.opened());
    acts.clear();
    acts.addAll(replayed.acts());
    roundBlobs.hold(state.round());
  }

  /** Runs what may not have run before the restart, once every task was read. */
  void resume() {
    if (registry.models().isEmpty()) {
      registry.begin(initialModel());
    }
    roundBlobs.sweep(replayed.replies(), replayed.products());
    registry.sweep();
    models.bind(registry);
    if (stage() != Stage.COMMITTING) {
      models.committed(round().protocol().equals(Protocols.FINAL));
    }
    models.assignAll();
    accept(new Event.Restarted(now()));
    List<Effect> pending = engine.pending(state.round());
    pending.forEach(this::run);
  }

  private StoredModel initialModel() {
    float[] vector = services.architectures().initial(context.network(), context.task().seed());
    Digest digest = GlobalDigest.of(context.digest(), context.layout(), vector, new byte[0]);
    ModelReference reference =
        new ModelReference(0, digest, context.layout().digest(), vectors.store(vector));
    ModelVersion version =
        new ModelVersion(context.digest(), 0, digest, digest, List.of(), List.of(), Double.NaN);
    return new StoredModel(version, reference);
  }

  /**
   * Follows a person's order. The audit journal names it first, so that none is followed unnamed.
   *
   * @throws RefusedException if the task's state does not allow it
   */
  void order(Orders.Order order) throws RefusedException {
    Optional<String> refusal = Orders.refusal(order.kind(), name(), round());
    if (refusal.isPresent()) {
      throw new RefusedException("task", refusal.get());
    }
    Event.Order event = order.event(now(), services.clock().millis());
    String reason = order.reason().isEmpty() ? "" : ": " + order.reason();
    String line = name() + " " + place() + " " + Orders.word(event) + " by " + order.by() + reason;
    services.audit().record(line);
    LOG.info("task {}", line);
    accept(event);
  }

  /** A site named its training examples; a choice by freshness reads it. */
  void offered(String site, int trainingExamples) {
    examples.put(site, trainingExamples);
  }

  /** What persons ordered, oldest first. */
  List<Coordination.Act> acts() {
    return List.copyOf(acts);
  }

  /** Takes an event, and all that follows from it, in order. */
  void accept(Event event) {
    events.add(event);
    if (busy) {
      return;
    }
    busy = true;
    try {
      for (Event next = events.poll(); next != null; next = events.poll()) {
        take(next);
      }
    } finally {
      busy = false;
    }
  }

  private void take(Event event) {
    Step step = engine.step(state, event);
    if (event instanceof Event.Durable durable && !step.state().round().equals(state.round())) {
      journal.append(durable);
      LOG.debug("task {}: {}", context.task().name(), durable);
      if (durable instanceof Event.Order order) {
        acts.add(TaskJournal.act(state.round(), order));
      }
    }
    state = step.state();
    step.effects().forEach(this::run);
  }

  private void run(Effect effect) {
    if (effect instanceof Effect.Announce announce) {
      announce(announce);
    } else if (effect instanceof Effect.Inform) {
      sendToAll(plans.current(round()).orElseGet(() -> plans.waiting(round())));
    } else if (effect instanceof Effect.Choose choose) {
      Map<String, Integer> fresh = CohortChoice.fresh(examples, registry.models());
      List<String> chosen =
          cohorts.choose(choose.place(), choose.candidates(), site -> fresh.getOrDefault(site, 0));
      accept(new Event.CohortChosen(now(), choose.place(), chosen));
    } else if (effect instanceof Effect.Accept accept) {
      Reply reply = accept.reply();
      send(reply.site(), accept.place(), 0, new Body.Receipt(reply.manifest(), true, ""));
    } else if (effect instanceof Effect.Refuse refuse) {
      Reply reply = refuse.reply();
      roundBlobs.discard(List.of(reply), List.of());
      Body receipt = new Body.Receipt(reply.manifest(), false, refuse.reason());
      send(reply.site(), refuse.place(), 0, receipt);
    } else if (effect instanceof Effect.Fold fold) {
      fold(fold);
    } else if (effect instanceof Effect.Commit ready) {
      commit(ready);
    } else if (effect instanceof Effect.Discard discard) {
      roundBlobs.discard(discard.replies(), discard.products());
    } else if (effect instanceof Effect.Finish finish) {
      LOG.info("task {} is finished", context.task().name());
      sendToAll(finish.place(), plans.finished(finish.cohort()), finish.cohort().size());
    } else if (effect instanceof Effect.Fail fail) {
      LOG.error("task {} ended in round {}: {}", name(), fail.place().round(), fail.reason());
      sendToAll(fail.place(), plans.stopped(round()), 1);
    } else if (effect instanceof Effect.Raise raise) {
      accept(raise.event());
    }
  }

  private void announce(Effect.Announce announce) {
    Place place = announce.place();
    replies.clear(state.round().late()::owes);
    if (place.phase() == 0 && book.open(place)) {
      journal.opened(place, services.clock().instant());
      LOG.info(
          "task {}: round {} ({}) begins with {}",
          name(),
          place.round(),
          announce.protocol(),
          announce.cohort());
    }
    Body.Plan plan = plans.phase(round(), announce.phase(), announce.cohort());
    sendToAll(place, plan, announce.cohort().size());
  }

  private void sendToAll(Place place, Body.Plan plan, int listeners) {
    int bytes = services.outgoing().send(null, context.digest(), place, 0, plan);
    book.down((long) bytes * listeners);
  }

  /** Sends to one site and counts the bytes. */
  void send(String site, Place place, long replyTo, Body body) {
    book.down(services.outgoing().send(site, context.digest(), place, replyTo, body));
  }

  private void sendToAll(Body.Plan plan) {
    sendToAll(planPlace(), plan, Math.max(1, plan.cohort().size()));
  }

  /** Sends the plan that holds to all again. */
  void publish() {
    plans.current(round()).ifPresent(this::sendToAll);
  }

  /** The plan that holds now, for one more reader of it; empty if there is none. */
  Optional<Body.Plan> currentPlan(String reader) {
    return plans.current(round(), reader);
  }

  /** Where the current plan stands. */
  Place planPlace() {
    return plans.place(round());
  }

  /** The model that a phase works on. */
  ModelReference model(ModelChoice choice) {
    return switch (choice) {
      case NEWEST -> registry.newest().reference();
      case BEST -> registry.best().reference();
      case CANDIDATE ->
          roundBlobs
              .candidate(state.round())
              .map(PhaseProduct.Candidate::model)
              .orElseThrow(
                  () -> new IllegalStateException("no phase before this one made a model"));
    };
  }

  private void fold(Effect.Fold fold) {
    replies.clear(state.round().late()::owes);
    Place place = fold.place();
    try {
      List<ReplyRecord> records = fold.replies().stream().map(roundBlobs::read).toList();
      List<PhaseFolds.LateUpdate> late =
          fold.late().stream()
              .map(
                  each ->
                      new PhaseFolds.LateUpdate(
                          each.place().round(), roundBlobs.read(each.reply())))
              .toList();
      PhaseProduct product =
          folds.fold(
              fold.phase().fold(),
              nextVersion(place),
              model(fold.phase().model()),
              registry.newest().state(),
              records,
              late);
      accept(new Event.Folded(now(), place, roundBlobs.keep(product)));
    } catch (ArithmeticException | IllegalArgumentException refused) {
      LOG.warn("task {}: {} came to nothing: {}", name(), place, refused.getMessage());
      accept(new Event.FoldFailed(now(), place, String.valueOf(refused.getMessage())));
    }
  }

  /** The round's number, but for rounds after one whose model was adopted and not made here. */
  private int nextVersion(Place place) {
    return Math.max(place.round(), registry.newest().version().version() + 1);
  }

  /**
   * Takes a later model over that sites have, and begins the round anew with it; before {@link
   * #resume}.
   */
  void adopt(StoredModel later, String reason) {
    registry.adopt(later);
    long when = services.clock().millis();
    if (!round().isOver()) {
      accept(new Event.Aborted(now(), RESTORE, when, reason));
      accept(new Event.Retried(now(), RESTORE, when));
    }
  }

  /** The parameters of a model whose chunks are here. */
  float[] vector(ModelReference model) {
    return vectors.load(model.parameters());
  }

  BlobKeeper.Holder blobs() {
    return blobs;
  }

  private void commit(Effect.Commit effect) {
    int round = effect.place().round();
    if (registry.round(round).isEmpty()) {
      List<PhaseProduct> products =
          effect.closed().stream().map(closed -> roundBlobs.product(closed.product())).toList();
      RoundCommit.Result result = commit.result(effect, products, registry);
      registry.commit(result.round(), result.made());
      LOG.info("task {}: {}", name(), commit.line(result.round()));
    }
    book.close();
    Optional<String> next = commit.next(effect.protocol(), registry);
    models.committed(!next.equals(Optional.of(Protocols.TRAIN)));
    accept(new Event.Committed(now(), round, next));
  }

  /** True if sites may fetch the chunk: it belongs to a model of this task, never to an update. */
  boolean serves(Digest chunk) {
    return registry.serves(chunk) || roundBlobs.serves(state.round(), chunk);
  }

  TaskContext context() {
    return context;
  }

  TaskServices services() {
    return services;
  }

  RoundState round() {
    return state.round();
  }

  long seen(String site) {
    return state.live().seen(site);
  }

  Stage stage() {
    return state.round().stage();
  }

  Place place() {
    return state.round().place();
  }

  Phase phase() {
    return engine.phase(state.round());
  }

  ReplyDesk replies() {
    return replies;
  }

  Registry registry() {
    return registry;
  }

  ModelDesk models() {
    return models;
  }

  RoundBook book() {
    return book;
  }

  long now() {
    return services.nanos().getAsLong();
  }

  String name() {
    return context.task().name();
  }
}
