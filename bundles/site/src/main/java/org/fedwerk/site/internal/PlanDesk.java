// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.predict.LearningState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns plans into jobs: one at a time per task, the newest wins. For the talk thread; jobs run on
 * the work thread, which is its own.
 */
final class PlanDesk implements JobRunner.Outcome {
  private static final Logger log = LoggerFactory.getLogger(PlanDesk.class);

  /** After one of these nobody takes an update any more. */
  private static final Set<String> LAST_REQUESTS =
      Set.of(PhaseWork.TEST, PhaseWork.DEPLOY, PhaseWork.FINISHED, PhaseWork.STOPPED);

  private final SiteState state;
  private final StateBoard board;
  private final Mouth mouth;
  private final Talk talk;
  private final LongSupplier nanoTime;
  private final BooleanSupplier open;
  private final JobRunner runner;
  private final ModelFetch fetch;
  private final ExecutorService worker;
  private final Predicate<Digest> alsoNeeded;

  private final Map<Digest, Job> jobs = new HashMap<>();
  private final Map<Digest, Position> failed = new HashMap<>();
  private final Map<Digest, Long> saidFetching = new HashMap<>();

  /** Tasks that rest or were stopped, each with what the coordinator noted. */
  private final Map<Digest, Rest> resting = new HashMap<>();

  private record Rest(LearningState state, String note) {}

  /** Plans that came while a job ends whose update is taken late; the newest of each task. */
  private final Map<Digest, Next> next = new HashMap<>();

  private record Next(Position position, Plan plan) {}

  /** Jobs that still may read their model's chunks, also cancelled ones. */
  private final Set<Job> underWay = new HashSet<>();

  /** True if chunks that nobody needs wait to be deleted until a list is here. */
  private boolean postponed;

  /**
   * A desk without jobs.
   *
   * @param open true while this site works for rounds
   * @param alsoNeeded true for chunks that something else fetches
   */
  PlanDesk(
      SiteState state,
      PhaseWork work,
      StateBoard board,
      Mouth mouth,
      SealedMessages sealed,
      Talk talk,
      ExecutorService worker,
      LongSupplier nanoTime,
      BooleanSupplier open,
      Predicate<Digest> alsoNeeded) {
    this.open = open;
    this.alsoNeeded = alsoNeeded;
    this.state = state;
    this.board = board;
    this.mouth = mouth;
    this.talk = talk;
    this.nanoTime = nanoTime;
    this.runner = new JobRunner(state, work, board, mouth, sealed, nanoTime, this);
    this.fetch =
        new ModelFetch(
            state.blobs(),
            nanoTime,
            mouth::roundTrip,
            (task, missing) -> mouth.fetch(task, state.positions().of(task), missing));
    this.worker = worker;
  }

  /** True while a job of a task runs, or has failed and no newer plan came, or the task rests. */
  boolean holds(Digest task) {
    return jobs.containsKey(task) || failed.containsKey(task) || resting.containsKey(task);
  }

  /** The task was offered, or a plan came: what was noted before holds no more. */
  void wakes(KnownTask task) {
    if (resting.remove(task.digest()) != null && !works(task.digest())) {
      board.learning(task.task().name(), LearningState.IDLE, "");
    }
  }

  private void note(KnownTask task, Plan plan) {
    boolean stopped = plan.request().equals(PhaseWork.STOPPED);
    if (plan.note().isEmpty() && !stopped) {
      wakes(task);
      return;
    }
    Rest rest =
        stopped
            ? new Rest(LearningState.FAILED, plan.note())
            : new Rest(LearningState.IDLE, plan.note());
    if (!rest.equals(resting.put(task.digest(), rest))) {
      log.info("Task {}: {}", task.task().name(), plan.note());
    }
    rests(task.digest(), task.task().name());
  }

  /** Shows why nothing begins, unless something is under way. */
  private void rests(Digest task, String name) {
    Rest rest = resting.get(task);
    if (rest != null && !works(task)) {
      board.learning(name, rest.state(), rest.note());
    }
  }

  private boolean works(Digest task) {
    Job job = jobs.get(task);
    return job != null && job.replies;
  }

  /**
   * A plan came.
   *
   * @throws RefusedException if it is older than one seen before
   */
  void planned(KnownTask task, Position position, Plan plan) throws RefusedException {
    Digest digest = task.digest();
    int order = position.compareTo(state.positions().of(digest));
    if (order < 0) {
      throw new RefusedException("plan", "it is older than one this site has seen");
    }
    boolean mine = plan.cohort().contains(mouth.site());
    boolean finished = plan.request().equals(PhaseWork.FINISHED);
    if (order > 0) {
      state.positions().raise(digest, position);
      failed.remove(digest);
      next.remove(digest);
      Job before = jobs.get(digest);
      boolean goesOn = !LAST_REQUESTS.contains(plan.request());
      state.outbox().forget(digest, position, goesOn && task.takesLate());
      if (before != null && mine && before.isAskedForBy(position, plan)) {
        before.position = position;
      } else if (goesOn && before != null && before.isWorthEnding()) {
        next.put(digest, new Next(position, plan));
        note(task, plan);
        return;
      } else if (before != null && (before.replies || mine || plan.committed())) {
        // A model that is only to be deployed may still come while others evaluate the next one.
        drop(before);
      }
    }
    act(task, position, plan, finished, mine);
    note(task, plan);
    if (order > 0) {
      collect(plan);
    }
  }

  private void act(KnownTask task, Position position, Plan plan, boolean finished, boolean mine) {
    Digest digest = task.digest();
    if (next.containsKey(digest)) {
      next.put(digest, new Next(position, plan)); // again, while an older training ends
      return;
    }
    if (task.isApproved()) {
      if (finished) {
        state.tasks().finish(digest);
        deploy(task, position, plan);
      } else if (mine && open.getAsBoolean() && isWithinPolicy(task, position, plan)) {
        answer(new Job(task, position, plan, mouth.site(), true));
      } else if (plan.committed()) {
        deploy(task, position, plan);
      }
    }
  }

  /** A training that had gone on has ended: the plan that came meanwhile has its turn. */
  private void goOn(KnownTask task) {
    Next held = next.remove(task.digest());
    if (held != null) {
      Plan plan = held.plan();
      act(task, held.position(), plan, false, plan.cohort().contains(mouth.site()));
      collect(plan);
    }
  }

  /** Training counts; what else a round asks for belongs to a training that was counted before. */
  private boolean isWithinPolicy(KnownTask task, Position position, Plan plan) {
    if (!plan.request().equals(PhaseWork.TRAIN)) {
      return true;
    }
    boolean may = state.rounds().begin(task.digest(), position.round());
    if (!may) {
      log.info(
          "Task {}: round {} goes on without this site: {}",
          task.task().name(),
          position.round(),
          state.rounds().full().orElse(""));
    }
    return may;
  }

  private void answer(Job job) {
    Optional<Outbox.Reply> reply =
        state.outbox().find(job.key).filter(found -> isAnswer(found, job));
    if (reply.isPresent()) {
      mouth.reply(reply.get());
    } else {
      begin(job);
    }
  }

  /** A reply from before a takeover is the answer still, if it began with the same model. */
  private boolean isAnswer(Outbox.Reply reply, Job job) {
    return reply.epoch() == job.position.epoch()
        || state
            .manifests()
            .find(reply.key())
            .filter(use -> use.base().equals(job.plan.model().digest()))
            .isPresent();
  }

  private void deploy(KnownTask task, Position position, Plan plan) {
    boolean active =
        state
            .deployments()
            .of(task.digest())
            .filter(each -> each.model().digest().equals(plan.model().digest()))
            .isPresent();
    Job job = new Job(task, position, plan, mouth.site(), false);
    if (active || state.deployments().pin(task).isPresent()) {
      promote(job);
    } else if (plan.committed()) {
      begin(job);
    }
  }

  private void begin(Job job) {
    Digest task = job.task.digest();
    Job current = jobs.get(task);
    if (current != null) {
      if (current.position.equals(job.position) && (current.replies || !job.replies)) {
        return;
      }
      drop(current);
    }
    jobs.put(task, job);
    underWay.add(job);
    state.chunks().note(job.plan.model().parameters().blobs());
    if (job.replies) {
      progress(job, "fetching", 0, job.plan.model().parameters().count());
      saidFetching.put(task, nanoTime.getAsLong());
    }
    fetch.want(task, job.plan.model(), new Arriving(job));
  }

  /** The model of a job comes. */
  private final class Arriving implements ModelFetch.Arrival {
    private final Job job;

    Arriving(Job job) {
      this.job = job;
    }

    @Override
    public void listed(ModelReference model) {
      state.chunks().note(model.parameters().blobs());
      job.plan = job.plan.with(model);
      collectIfPostponed();
    }

    @Override
    public void ready(ModelReference model) {
      submit(job);
    }

    @Override
    public void refused(String why) {
      underWay.remove(job);
      leave(job, why);
      collectIfPostponed();
    }
  }

  private void submit(Job job) {
    job.begin();
    try {
      worker.execute(() -> runner.run(job));
    } catch (RejectedExecutionException closing) {
      log.debug("The conversation ends; {} is left to the next one", job.key);
    }
  }

  private void drop(Job job) {
    job.cancel();
    jobs.remove(job.task.digest(), job);
    if (fetch.cancel(job.task.digest())) {
      underWay.remove(job); // it never ran, so nobody tells its end
    }
  }

  /** The site's hours are over: work stops, what is done already may leave. */
  void closes() {
    for (Job job : List.copyOf(jobs.values())) {
      if (job.replies) {
        log.info("Work on {} stops, the site's hours for rounds are over", job.key);
        next.remove(job.task.digest());
        drop(job);
      }
    }
  }

  /** The owner said no: nothing of a task may run or leave any more. */
  void declined(Digest task) {
    Job job = jobs.get(task);
    if (job != null) {
      drop(job);
    }
    failed.remove(task);
    next.remove(task);
    state.outbox().forget(task);
    collect(null);
  }

  private void collectIfPostponed() {
    if (postponed) {
      collect(null);
    }
  }

  private void collect(@Nullable Plan newest) {
    // While a list is not here, nobody knows which of the chunks kept belong to its model.
    postponed = underWay.stream().anyMatch(job -> !job.plan.model().parameters().isRead());
    if (postponed) {
      return;
    }
    Set<Digest> needed = new HashSet<>();
    if (newest != null) {
      needed.addAll(blobs(newest));
    }
    for (Job job : underWay) {
      needed.addAll(job.plan.model().parameters().blobs());
    }
    state
        .chunks()
        .collect(
            chunk ->
                needed.contains(chunk)
                    || state.deployments().needs(chunk)
                    || state.outbox().needs(chunk)
                    || fetch.needs(chunk)
                    || alsoNeeded.test(chunk));
  }

  private List<Digest> blobs(Plan plan) {
    Section parameters = plan.model().parameters();
    try {
      return parameters.read(state.blobs()::get).orElse(parameters).blobs();
    } catch (RefusedException malformed) {
      return parameters.blobs(); // nothing was fetched by such a list
    }
  }

  /** The link is there again. */
  void connected() {
    fetch.connected();
  }

  /** Takes a chunk. @return false if nobody asked for it */
  boolean deliver(byte[] bytes) {
    return fetch.deliver(bytes, this::fetching);
  }

  private void fetching(Digest task) {
    Job job = jobs.get(task);
    if (job == null || !job.replies) {
      return;
    }
    long now = nanoTime.getAsLong();
    Long last = saidFetching.get(task);
    if (last == null || now - last >= job.plan.stall().toNanos() / 3) {
      saidFetching.put(task, now);
      int total = job.plan.model().parameters().count();
      progress(job, "fetching", total - fetch.missing(task), total);
    }
  }

  void tick() {
    fetch.tick();
  }

  private void progress(Job job, String stage, long done, long total) {
    mouth.say(
        job.task.digest(),
        job.position,
        new Body.Progress(stage, done, total),
        stage + " " + done + "/" + total);
  }

  private void settle(Job job, Outbox.Reply reply) {
    if (jobs.remove(job.task.digest(), job)) {
      board.learning(job.name(), LearningState.READY, "");
      rests(job.task.digest(), job.name());
      mouth.reply(reply);
      goOn(job.task);
    }
  }

  private void leave(Job job, String reason) {
    if (!jobs.remove(job.task.digest(), job)) {
      return; // a newer plan has taken its place
    }
    if (next.containsKey(job.task.digest())) {
      log.warn(
          "This site's training for round {} of task {} came to nothing: {}",
          job.position.round(),
          job.name(),
          reason);
      goOn(job.task);
      return;
    }
    if (!job.replies) {
      log.warn(
          "Task {}: model version {} is not deployed: {}",
          job.name(),
          job.plan.model().version(),
          reason);
      return;
    }
    failed.put(job.task.digest(), job.position);
    board.learning(job.name(), LearningState.FAILED, reason);
    log.warn("This site leaves round {} of task {}: {}", job.position.round(), job.name(), reason);
    mouth.say(
        job.task.digest(),
        job.position,
        new Body.Leave(false, reason),
        "leaves round " + job.position.round());
  }

  private void promote(Job job) {
    if (job.plan.request().equals(PhaseWork.FINISHED)) {
      board.learning(job.name(), LearningState.PROMOTED, "");
    }
  }

  // --- from the work thread

  @Override
  public void replied(Job job, Outbox.Reply reply) {
    talk.later(() -> settle(job, reply));
  }

  @Override
  public void gaveUp(Job job, String reason) {
    talk.later(() -> leave(job, reason));
  }

  @Override
  public void advanced(Job job, long done, long total) {
    String stage = job.plan.request().equals(PhaseWork.TRAIN) ? "training" : "evaluating";
    talk.later(
        () -> {
          if (jobs.get(job.task.digest()) == job) {
            progress(job, stage, done, total);
          }
        });
  }

  @Override
  public void ended(Job job) {
    talk.later(
        () -> {
          underWay.remove(job);
          if (jobs.remove(job.task.digest(), job)) {
            promote(job);
            rests(job.task.digest(), job.name());
            goOn(job.task);
          }
        });
  }

  /** Cancels everything; for the talk thread. */
  void cancelAll() {
    jobs.values().forEach(Job::cancel);
  }

  /** Waits for the work thread to end. */
  void close(long seconds) throws InterruptedException {
    worker.shutdown();
    if (!worker.awaitTermination(seconds, TimeUnit.SECONDS)) {
      log.warn("The engine goes on with work that was cancelled; its result is not used");
      worker.shutdownNow();
    }
  }
}
