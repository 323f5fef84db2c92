// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.predict.LearningState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's side of the protocol while it has a link. Two threads: one talks (all fields are its
 * own), one works; link threads only hand over, and wait when too much is waiting.
 */
final class Conversation implements LinkListener, JobRunner.Outcome, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Conversation.class);
  private static final int MOST_WAITING = 1000;
  private static final int TICK_MILLIS = 250;
  private static final int RESEND_TICKS = 20;

  private final SiteState state;
  private final StateBoard board;
  private final Refusals refusals;
  private final SealedMessages sealed;
  private final Mouth mouth;
  private final JobRunner runner;
  private final ModelFetch fetch;
  private final Membership membership;
  private final ScheduledExecutorService talk;
  private final ExecutorService worker;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final Registration registration;

  private final Map<Digest, Job> jobs = new HashMap<>();
  private final Set<Digest> modelChunks = new HashSet<>();
  private int ticks;

  Conversation(
      SiteState state,
      PhaseWork work,
      Readiness readiness,
      StateBoard board,
      SiteSettings settings,
      Refusals refusals,
      Identity identity,
      SealedMessages sealed,
      Link link,
      LongSupplier nanoTime) {
    this.state = state;
    this.board = board;
    this.refusals = refusals;
    this.sealed = sealed;
    this.mouth = new Mouth(identity, sealed, link, state.gate(), state.messages());
    this.membership = new Membership(state, readiness, board, mouth, settings.approveOwners());
    this.runner = new JobRunner(state, work, board, mouth, sealed, nanoTime, this);
    this.fetch = new ModelFetch(state.blobs(), nanoTime, this::ask);
    String name = "fedwerk-site-" + identity.self().id();
    this.talk = Executors.newSingleThreadScheduledExecutor(daemon(name + "-talk"));
    this.worker = Executors.newSingleThreadExecutor(daemon(name + "-work"));
    this.registration = link.listen(this);
    var unused =
        talk.scheduleWithFixedDelay(
            guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static java.util.concurrent.ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  // --- from the link's thread

  @Override
  public void received(Address address, byte[] payload) {
    try {
      room.acquire();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return;
    }
    later(
        () -> {
          room.release();
          handle(address, payload);
        });
  }

  @Override
  public void connected() {
    later(this::sync);
  }

  private void later(Runnable step) {
    try {
      talk.execute(guarded(step));
    } catch (RejectedExecutionException closed) {
      log.debug("The conversation has ended; a step was left out");
    }
  }

  private static Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (RuntimeException broken) {
        // One broken step must not end the talk thread; the protocol repeats what was lost.
        log.error("A step of the conversation failed: {}", broken.toString());
        log.debug("The cause in full", broken);
      }
    };
  }

  /** The owner decided something. Any thread may call. */
  void decided(KnownTask task) {
    later(
        () -> {
          if (!task.isApproved()) {
            stop(task.digest());
          }
          membership.decided(task);
        });
  }

  // --- on the talk thread

  private void handle(Address address, byte[] payload) {
    if (address.kind() == Kind.CHUNK) {
      if (!fetch.deliver(payload, task -> task.ifPresent(this::fetching))) {
        refusals.count("chunk", "nobody asked for it");
      }
      return;
    }
    try {
      Message message = sealed.open(address, payload);
      Body body = message.body();
      if (body instanceof Body.TaskOffer offer) {
        membership.offered(message.header().task(), offer);
      } else if (body instanceof Plan plan) {
        planned(message.header(), plan);
      } else if (body instanceof Body.Receipt receipt) {
        receipt(receipt);
      } else if (body instanceof Body.Fetch asked) {
        asked(message.header(), asked);
      } else {
        refusals.count(address.kind().word(), "a site does not take this kind");
      }
    } catch (RefusedException refused) {
      refusals.count(address.kind().word(), refused.getMessage());
    }
  }

  private void sync() {
    membership.sync();
    resend();
  }

  private void resend() {
    for (Outbox.Reply reply : state.outbox().unanswered()) {
      state.tasks().find(reply.key().task()).ifPresent(task -> mouth.reply(task, reply));
    }
  }

  private void tick() {
    fetch.tick();
    membership.tick();
    if (++ticks % RESEND_TICKS == 0) {
      resend();
    }
  }

  private void planned(Header header, Plan plan) throws RefusedException {
    Digest digest = header.task();
    if (digest == null) {
      throw new RefusedException("plan", "it names no task");
    }
    Optional<KnownTask> known = state.tasks().find(digest);
    if (known.isEmpty()) {
      sync();
      return;
    }
    KnownTask task = known.get();
    Position position = header.position();
    int order = position.compareTo(state.positions().of(digest));
    if (order < 0) {
      throw new RefusedException("plan", "it is older than one this site has seen");
    }
    if (order > 0) {
      state.positions().raise(digest, position);
      stop(digest);
      forget(digest, position, plan);
    }
    if (!task.isApproved()) {
      return;
    }
    Job job = new Job(task, position, plan, mouth.site());
    if (plan.request().equals(PhaseWork.FINISHED)) {
      finish(job);
    } else if (plan.cohort().contains(mouth.site())) {
      begin(job);
    } else if (plan.committed() && order > 0) {
      fetchModel(job, () -> submit(job, () -> runner.prepareOnly(job)));
    }
  }

  private void begin(Job job) {
    Optional<Outbox.Reply> reply = state.outbox().find(job.key);
    if (reply.isPresent()) {
      mouth.reply(job.task, reply.get());
      return;
    }
    Job current = jobs.get(job.task.digest());
    if (current != null && current.position.equals(job.position)) {
      return;
    }
    jobs.put(job.task.digest(), job);
    progress(job, "fetching", 0, job.plan.model().parameters().chunks().size());
    fetchModel(job, () -> submit(job, () -> runner.perform(job)));
  }

  private void finish(Job job) {
    state.tasks().finish(job.task.digest());
    boolean deployed =
        state
            .deployments()
            .of(job.task.digest())
            .filter(each -> each.model().digest().equals(job.plan.model().digest()))
            .isPresent();
    if (deployed) {
      board.learning(job.task.task().name(), LearningState.PROMOTED, "");
    } else if (job.plan.committed()) {
      fetchModel(job, () -> submit(job, () -> runner.prepareOnly(job)));
    }
  }

  private void fetchModel(Job job, Runnable ready) {
    job.plan.model().parameters().chunks().forEach(chunk -> modelChunks.add(chunk.digest()));
    fetch.want(job.task.digest(), job.plan.model(), ready);
  }

  private void submit(Job job, Runnable step) {
    if (!job.isCancelled()) {
      worker.execute(step);
    }
  }

  private void ask(Digest digest, List<Digest> missing) {
    state
        .tasks()
        .find(digest)
        .ifPresent(task -> mouth.fetch(task, state.positions().of(digest), missing));
  }

  private void fetching(Digest task) {
    Job job = jobs.get(task);
    if (job != null) {
      progress(job, "fetching", 0, job.plan.model().parameters().chunks().size());
    }
  }

  private void stop(Digest task) {
    Job job = jobs.remove(task);
    if (job != null) {
      job.cancel();
    }
  }

  private void forget(Digest task, Position position, Plan plan) {
    Set<Digest> wanted = new HashSet<>();
    for (Chunk chunk : plan.model().parameters().chunks()) {
      wanted.add(chunk.digest());
    }
    Set<Digest> old = state.outbox().forget(task, position);
    old.addAll(modelChunks);
    for (Digest chunk : old) {
      boolean needed =
          wanted.contains(chunk)
              || state.deployments().needs(chunk)
              || state.outbox().offers(chunk)
              || fetch.needs(chunk);
      if (!needed) {
        state.blobs().delete(chunk);
        modelChunks.remove(chunk);
      }
    }
  }

  private void receipt(Body.Receipt receipt) {
    state.outbox().settle(receipt.manifest());
    if (!receipt.accepted()) {
      log.info("The coordinator did not take a reply: {}", receipt.reason());
    }
  }

  private void asked(Header header, Body.Fetch asked) {
    Digest digest = header.task();
    Optional<KnownTask> task = digest == null ? Optional.empty() : state.tasks().find(digest);
    for (Digest chunk : asked.digests()) {
      Optional<byte[]> bytes =
          state.outbox().offers(chunk) ? state.blobs().get(chunk) : Optional.empty();
      if (task.isPresent() && bytes.isPresent()) {
        mouth.chunk(task.get(), chunk, bytes.get());
      } else {
        refusals.count("fetch", "the chunk is of no reply of this site");
      }
    }
  }

  private void progress(Job job, String stage, long done, long total) {
    mouth.say(
        job.task,
        job.task.digest(),
        job.position,
        new Body.Progress(stage, done, total),
        stage + " " + done + "/" + total);
  }

  private void leave(Job job, String reason) {
    jobs.remove(job.task.digest(), job);
    log.warn(
        "This site leaves round {} of task {}: {}",
        job.position.round(),
        job.task.task().name(),
        reason);
    board.learning(job.task.task().name(), LearningState.FAILED, reason);
    mouth.say(
        job.task,
        job.task.digest(),
        job.position,
        new Body.Leave(false, reason),
        "leaves round " + job.position.round());
  }

  private void settle(Job job, Outbox.Reply reply) {
    jobs.remove(job.task.digest(), job);
    board.learning(job.task.task().name(), LearningState.READY, "");
    if (!job.isCancelled()) {
      mouth.reply(job.task, reply);
    }
  }

  // --- from the work thread

  @Override
  public void replied(Job job, Outbox.Reply reply) {
    later(() -> settle(job, reply));
  }

  @Override
  public void gaveUp(Job job, String reason) {
    later(() -> leave(job, reason));
  }

  @Override
  public void advanced(Job job, long done, long total) {
    later(() -> progress(job, "training", done, total));
  }

  @Override
  public void close() {
    registration.close();
    later(() -> jobs.values().forEach(Job::cancel));
    talk.shutdown();
    worker.shutdown();
    try {
      if (!talk.awaitTermination(5, TimeUnit.SECONDS)
          || !worker.awaitTermination(10, TimeUnit.SECONDS)) {
        talk.shutdownNow();
        worker.shutdownNow();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
