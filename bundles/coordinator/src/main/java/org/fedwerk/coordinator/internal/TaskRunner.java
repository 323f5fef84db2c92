// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.blobs.ModelVectors;
import org.fedwerk.coordinator.internal.clusters.Members;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.registry.Registry;
import org.fedwerk.coordinator.internal.registry.StoredModel;
import org.fedwerk.coordinator.internal.replies.ReplyDesk;
import org.fedwerk.coordinator.internal.round.Effect;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.ModelChoice;
import org.fedwerk.coordinator.internal.round.Phase;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.RoundEngine;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;
import org.fedwerk.coordinator.internal.round.State;
import org.fedwerk.coordinator.internal.round.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task: feeds events to the round engine, forces them to the journal, has their effects
 * run. After trouble with the store the state is read anew from the journal. Runner thread only.
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
  private final ReplyDesk replies;
  private final RoundBook book;
  private final PlanSender sender;
  private final EffectRunner effects;
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
    replies =
        new ReplyDesk(
            blobs,
            this::fetch,
            new ReplyCheck(context)::ranges,
            context.updates(),
            services.patience());
    book = new RoundBook(services.nanos(), services.clock());
    sender =
        new PlanSender(
            services.outgoing(),
            context.digest(),
            book,
            new Plans(context, engine, this::model, () -> registry().contributed(), this::members));
    effects = new EffectRunner(this, journal, roundBlobs, vectors, sender);
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
      models.committed(Protocols.isAfterTraining(round().protocol()));
    }
    models.assignAll();
    accept(new Event.Restarted(now()));
    List<Effect> pending = engine.pending(state.round());
    pending.forEach(effects::run);
  }

  private StoredModel initialModel() {
    float[] vector =
        context
            .exchange()
            .first(
                seed -> services.architectures().initial(context.network(), seed),
                context.task().seed());
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
    effects.offered(site, trainingExamples);
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
    step.effects().forEach(effects::run);
  }

  /** Sends to one site and counts the bytes. */
  void send(String site, Place place, long replyTo, Body body) {
    sender.send(site, place, replyTo, body);
  }

  /** Asks a site for chunks, and says what of it was heard by now. */
  void fetch(String site, List<Digest> chunks) {
    send(site, place(), services.heard().of(site), new Body.Fetch(chunks));
  }

  /** Sends the plan that holds to all again. */
  void publish() {
    sender.publish(round());
  }

  /** Sends the plan that holds to one more reader of it, if there is one. */
  void publishTo(String site) {
    sender.publishTo(site, round());
  }

  /** The model that a phase works on. */
  ModelReference model(ModelChoice choice) {
    return switch (choice) {
      case NEWEST -> registry.base().reference();
      case BEST -> registry.best().reference();
      case CANDIDATE ->
          roundBlobs
              .candidate(state.round())
              .map(PhaseProduct.Candidate::model)
              .orElseThrow(
                  () -> new IllegalStateException("no phase before this one made a model"));
    };
  }

  /** Whose model is whose in the model that a phase works on. */
  private Members members(ModelChoice choice) {
    List<Section> kept =
        switch (choice) {
          case NEWEST -> registry.base().state();
          case BEST -> registry.best().state();
          case CANDIDATE ->
              roundBlobs
                  .candidate(state.round())
                  .map(PhaseProduct.Candidate::state)
                  .orElse(List.of());
        };
    return Members.of(model(choice).version(), kept, context.task().local().clusters(), blobs::get);
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
