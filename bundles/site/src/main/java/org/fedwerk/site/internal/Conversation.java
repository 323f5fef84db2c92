// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.ClockWatch;
import org.fedwerk.api.status.StatusLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's side of the protocol while it has a link. Two threads: one talks (all fields are its
 * own), one works; link threads only hand over, and wait when too much is waiting.
 */
final class Conversation implements LinkListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Conversation.class);
  private static final int TICK_MILLIS = 250;
  private static final int READY_TICKS = 4;
  private static final int RESEND_TICKS = 20;
  private static final int CLOSE_SECONDS = 5;
  private static final int WORK_CLOSE_SECONDS = 10;
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long TELL_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int MOST_UNKNOWN = 100;

  private final SiteState state;
  private final Refusals refusals;
  private final SealedMessages sealed;
  private final LongSupplier nanoTime;
  private final Mouth mouth;
  private final Talk talk;
  private final PlanDesk desk;
  private final AssignmentDesk assignments;
  private final DriftDesk drift;
  private final ReplyChunks chunks;
  private final Membership membership;
  private final Registration registration;

  /** When this site asked for a task that it does not know. */
  private final Map<Digest, Long> askedFor = new LinkedHashMap<>();

  private final PredictionBudget budget;
  private final BooleanSupplier hours;
  private final ClockWatch clock;
  private boolean open;

  /** When a coordinator of a later epoch was told which models run here, monotonic; 0 if never. */
  private long told;

  private boolean full;
  private int ticks;

  /**
   * Begins to talk.
   *
   * @param hours true while this site works for rounds
   * @param clock is looked at
   */
  Conversation(
      SiteState state,
      PhaseWork work,
      ServedStats stats,
      DriftWatch watch,
      DriftReferences references,
      Readiness readiness,
      StateBoard board,
      SiteSettings settings,
      Refusals refusals,
      Identity identity,
      SealedMessages sealed,
      Link link,
      SiteThreads threads,
      LongSupplier nanoTime,
      BooleanSupplier hours,
      ClockWatch clock) {
    this.hours = hours;
    this.clock = clock;
    open = hours.getAsBoolean();
    this.state = state;
    full = state.rounds().full().isPresent();
    this.refusals = refusals;
    this.sealed = sealed;
    this.nanoTime = nanoTime;
    this.budget = work.budget();
    this.mouth = new Mouth(identity, sealed, link, state.gate(), state.messages());
    this.talk =
        new Talk(threads.talk(mouth.site()), settings.queueMessages(), settings.queueBytes());
    ExecutorService worker = threads.work(mouth.site());
    this.drift =
        new DriftDesk(state, watch, references, settings.driftRequests(), mouth, worker, nanoTime);
    this.assignments =
        new AssignmentDesk(state, work, stats, board, mouth, sealed, talk, worker, nanoTime);
    this.desk =
        new PlanDesk(
            state, work, board, mouth, sealed, talk, worker, nanoTime, hours, assignments::needs);
    this.chunks = new ReplyChunks(state.blobs(), mouth, talk::later, nanoTime, settings.chunks());
    this.membership =
        new Membership(
            state,
            readiness,
            (task, ready) -> budget.within(task, ready, worker),
            board,
            mouth,
            settings.approveOwners(),
            desk::holds);
    this.registration = link.listen(this);
    talk.every(TICK_MILLIS, this::tick);
  }

  // --- from the link's thread

  @Override
  public void received(Address address, byte[] payload) {
    try {
      talk.laterIfRoom(payload.length, () -> handle(address, payload));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void connected() {
    talk.later(
        () -> {
          desk.connected();
          assignments.connected();
          drift.connected();
          sync();
        });
  }

  /** What waits to be heard, and what was refused. */
  StatusLine status() {
    return new StatusLine(
        "site",
        StatusLine.State.READY,
        "takes part in rounds; " + talk.depth() + "; refused messages: " + refusals.summary());
  }

  /** How full it is. */
  List<Measurement> levels() {
    return Stream.concat(
            talk.levels().stream(),
            chunks.levels().stream().flatMap(level -> level.things().stream()))
        .toList();
  }

  /** The owner decided something. Any thread may call. */
  void decided(KnownTask task) {
    talk.later(
        () -> {
          if (task.isApproved()) {
            // The answer brings the plan again, of which only the position was remembered.
            sync();
          } else {
            desk.declined(task.digest());
            assignments.declined(task.digest());
            membership.declined(task);
          }
        });
  }

  /** Another model is deployed than the coordinator was told. Any thread may call. */
  void redeployed() {
    talk.later(
        () -> {
          sync();
          assignments.redeployed();
        });
  }

  // --- on the talk thread

  private void handle(Address address, byte[] payload) {
    if (address.kind() == Kind.CHUNK) {
      boolean ofPlan = desk.deliver(payload);
      if (!assignments.deliver(payload) && !ofPlan) {
        refusals.count("chunk", "nobody asked for it");
      }
      return;
    }
    try {
      Message message = sealed.open(address, payload);
      Header header = message.header();
      Body body = message.body();
      requireNewest(header);
      if (body instanceof Body.TaskOffer offer) {
        KnownTask offered = membership.offered(header.task(), offer);
        desk.wakes(offered);
        tellLaterCoordinator(offered, header.epoch());
      } else if (body instanceof Plan plan) {
        planned(header, plan);
      } else if (body instanceof Body.Assignment assignment) {
        assigned(header, assignment);
      } else if (body instanceof Body.Receipt receipt) {
        receipt(receipt);
      } else if (body instanceof Body.Fetch asked) {
        asked(header, asked);
      } else {
        refusals.count(address.kind().word(), "a site does not take this kind");
      }
    } catch (RefusedException refused) {
      refusals.count(address.kind().word(), refused.getMessage());
    }
  }

  /**
   * One that was restored from a backup asks before it says a plan, and may ask again: it may have
   * been restarted since, or not have heard. An offer that answers what it was told now is no
   * question.
   */
  private void tellLaterCoordinator(KnownTask task, long epoch) {
    long heard = state.positions().of(task.digest()).epoch();
    long now = nanoTime.getAsLong();
    if (heard > 0 && epoch > heard && (told == 0 || now - told >= TELL_AGAIN_NANOS)) {
      told = now;
      membership.syncWithModels();
    }
  }

  /** A coordinator that was taken over may not have noticed yet. */
  private void requireNewest(Header header) throws RefusedException {
    Digest task = header.task();
    if (task != null && header.epoch() < state.positions().of(task).epoch()) {
      throw new RefusedException(
          header.kind().word(),
          "it is of epoch "
              + header.epoch()
              + ", older than one this site has seen: another coordinator has taken over");
    }
  }

  private void planned(Header header, Plan plan) throws RefusedException {
    Digest digest = header.task();
    if (digest == null) {
      throw new RefusedException("plan", "it names no task");
    }
    Optional<KnownTask> known = state.tasks().find(digest);
    if (known.isPresent()) {
      desk.planned(known.get(), header.position(), plan);
      drift.planned(digest);
      quota();
    } else {
      askFor(digest);
    }
  }

  private void assigned(Header header, Body.Assignment assignment) throws RefusedException {
    Digest digest = header.task();
    if (digest == null) {
      throw new RefusedException("assignment", "it names no task");
    }
    Optional<KnownTask> known = state.tasks().find(digest);
    if (known.isPresent()) {
      assignments.assigned(known.get(), header, assignment);
    } else {
      askFor(digest);
    }
  }

  /** A task may be one that this site cannot read: then it is not asked for all the time. */
  private void askFor(Digest task) {
    long now = nanoTime.getAsLong();
    Long last = askedFor.get(task);
    if (last == null || now - last >= ASK_AGAIN_NANOS) {
      if (askedFor.size() >= MOST_UNKNOWN) {
        askedFor.clear();
      }
      askedFor.put(task, now);
      sync();
    }
  }

  private void sync() {
    membership.sync();
    resend();
  }

  private void resend() {
    state.outbox().unanswered().forEach(mouth::reply);
  }

  private void tick() {
    if (clock.look()) {
      clock.line().ifPresent(line -> log.warn("{}", line.detail()));
    }
    desk.tick();
    assignments.tick();
    if (budget.mayDeployAgain()) {
      sync(); // brings the plan or the assignment again
    }
    drift.tick();
    hours();
    quota();
    ticks++;
    if (ticks % READY_TICKS == 0) {
      membership.tick();
    }
    if (ticks % RESEND_TICKS == 0) {
      resend();
    }
  }

  /** Says at once when the day's last round has begun, before cohorts are chosen for the next. */
  private void quota() {
    boolean wasFull = full;
    full = state.rounds().full().isPresent();
    if (full && !wasFull) {
      membership.tick();
    } else if (wasFull && !full && open) {
      sync(); // brings the plan again, of which only the position was remembered
    }
  }

  private void hours() {
    boolean now = hours.getAsBoolean();
    if (now == open) {
      return;
    }
    open = now;
    if (now) {
      // The answer brings the plan again, of which only the position was remembered.
      sync();
    } else {
      desk.closes();
      membership.tick();
    }
  }

  private void receipt(Body.Receipt receipt) {
    state.outbox().settle(receipt.manifest());
    if (!receipt.accepted()) {
      log.info("The coordinator did not take a reply: {}", receipt.reason());
    }
  }

  private void asked(Header header, Body.Fetch asked) {
    Digest task = header.task();
    int underWay = 0;
    for (Digest chunk : asked.digests()) {
      if (task != null && (state.outbox().offers(task, chunk) || isOfModel(task, chunk))) {
        underWay += chunks.ask(task, chunk, header.replyTo()) ? 0 : 1;
      } else {
        refusals.count("fetch", "the chunk is of no reply of this site");
      }
    }
    if (underWay > 0 && header.replyTo() > 0) {
      // What the coordinator asks for after this, and misses still, is lost.
      mouth.say(
          task,
          header.position(),
          new Body.Progress("sending", underWay, asked.digests().size()),
          underWay + " of " + asked.digests().size() + " chunks are under way");
    }
  }

  /** A restored coordinator may ask for the model that it has lost. */
  private boolean isOfModel(Digest task, Digest chunk) {
    return state
        .deployments()
        .of(task)
        .filter(each -> each.model().parameters().blobs().contains(chunk))
        .isPresent();
  }

  @Override
  public void close() {
    registration.close();
    talk.later(assignments::cancelAll);
    talk.later(desk::cancelAll);
    try {
      talk.close(CLOSE_SECONDS);
      desk.close(WORK_CLOSE_SECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
