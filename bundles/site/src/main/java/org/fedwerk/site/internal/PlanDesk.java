// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.predict.LearningState;
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
  private final BooleanSupplier open;
  private final ExecutorService worker;
  private final PredictionBudget budget;
  private final JobsUnderWay jobs;
  private final ChunkSweep chunks;
  private final Rests rests;
  private final Map<Digest, Position> failed = new HashMap<>();

  /** Plans that came while a job ends whose update is taken late; the newest of each task. */
  private final Map<Digest, Next> next = new HashMap<>();

  private record Next(Position position, Plan plan) {}

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
    this.state = state;
    this.board = board;
    this.mouth = mouth;
    this.talk = talk;
    this.worker = worker;
    budget = work.budget();
    JobRunner runner = new JobRunner(state, work, board, mouth, sealed, nanoTime, this);
    jobs = new JobsUnderWay(state, mouth, nanoTime, worker, runner::run, new Models());
    chunks = new ChunkSweep(state, jobs, alsoNeeded);
    rests = new Rests(board, this::works);
  }

  /** Hears how the models of jobs come. */
  private final class Models implements JobsUnderWay.Listener {
    @Override
    public void listed() {
      chunks.sweepIfPostponed();
    }

    @Override
    public void refused(Job job, String why) {
      leave(job, why);
      chunks.sweepIfPostponed();
    }
  }

  /** True while a job of a task runs, or has failed and no newer plan came, or the task rests. */
  boolean holds(Digest task) {
    return jobs.of(task) != null || failed.containsKey(task) || rests.has(task);
  }

  /** The task was offered, or a plan came: what was noted before holds no more. */
  void wakes(KnownTask task) {
    rests.wakes(task);
  }

  private boolean works(Digest task) {
    Job job = jobs.of(task);
    return job != null && job.replies;
  }

  /**
   * A plan came.
   *
   * @throws RefusedException if it is older than one seen before
   */
  void planned(KnownTask known, Position position, Plan plan) throws RefusedException {
    Digest digest = known.digest();
    int order = position.compareTo(state.positions().of(digest));
    if (order < 0) {
      throw new RefusedException("plan", "it is older than one this site has seen");
    }
    boolean ends = LAST_REQUESTS.contains(plan.request());
    KnownTask task = known.finished() && !ends ? state.tasks().goOn(digest) : known;
    boolean mine = plan.cohort().contains(mouth.site());
    boolean finished = plan.request().equals(PhaseWork.FINISHED);
    if (order > 0) {
      state.positions().raise(digest, position);
      failed.remove(digest);
      next.remove(digest);
      Job before = jobs.of(digest);
      state.outbox().forget(digest, position, !ends && task.takesLate());
      if (ends) {
        state.made().forget(digest);
      }
      if (before != null && mine && before.isAskedForBy(position, plan)) {
        before.position = position;
      } else if (!ends && before != null && before.isWorthEnding()) {
        next.put(digest, new Next(position, plan));
        rests.planned(task, plan);
        return;
      } else if (before != null && (before.replies || mine || plan.committed())) {
        // A model that is only to be deployed may still come while others evaluate the next one.
        jobs.drop(before);
      }
    }
    act(task, position, plan, finished, mine);
    rests.planned(task, plan);
    if (order > 0) {
      chunks.sweep(plan);
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
      chunks.sweep(plan);
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
    } else if (plan.committed() && !budget.refuses(task.digest())) {
      begin(job);
    }
  }

  private void begin(Job job) {
    Job current = jobs.of(job.task.digest());
    if (current != null) {
      if (current.position.equals(job.position) && (current.replies || !job.replies)) {
        return;
      }
      jobs.drop(current);
    }
    jobs.begin(job);
  }

  /** The site's hours are over: work stops, what is done already may leave. */
  void closes() {
    for (Job job : jobs.all()) {
      if (job.replies) {
        log.info("Work on {} stops, the site's hours for rounds are over", job.key);
        next.remove(job.task.digest());
        jobs.drop(job);
      }
    }
  }

  /** The owner said no: nothing of a task may run or leave any more. */
  void declined(Digest task) {
    Job job = jobs.of(task);
    if (job != null) {
      jobs.drop(job);
    }
    failed.remove(task);
    next.remove(task);
    state.outbox().forget(task);
    state.made().forget(task);
    chunks.sweep();
  }

  /** The link is there again. */
  void connected() {
    jobs.connected();
  }

  /** Takes a chunk. @return false if nobody asked for it */
  boolean deliver(byte[] bytes) {
    return jobs.deliver(bytes);
  }

  /** Asks again for what does not come. */
  void tick() {
    jobs.tick();
  }

  private void settle(Job job, Outbox.Reply reply) {
    if (jobs.remove(job)) {
      board.learning(job.name(), LearningState.READY, "");
      rests.show(job.task);
      mouth.reply(reply);
      goOn(job.task);
    }
  }

  private void leave(Job job, String reason) {
    if (!jobs.remove(job)) {
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
      notDeployed(job, reason);
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

  private void notDeployed(Job job, String reason) {
    String words = "model version " + job.plan.model().version() + " is not deployed: " + reason;
    log.warn("Task {}: {}", job.name(), words);
    if (job.plan.request().equals(PhaseWork.FINISHED)) {
      board.learning(job.name(), LearningState.FAILED, words);
    }
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
          if (jobs.of(job.task.digest()) == job) {
            jobs.progress(job, stage, done, total);
          }
        });
  }

  @Override
  public void ended(Job job) {
    talk.later(
        () -> {
          jobs.ended(job);
          if (jobs.remove(job)) {
            promote(job);
            rests.show(job.task);
            goOn(job.task);
          }
        });
  }

  /** Cancels everything; for the talk thread. */
  void cancelAll() {
    jobs.cancelAll();
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
