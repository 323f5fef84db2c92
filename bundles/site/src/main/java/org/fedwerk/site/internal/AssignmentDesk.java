// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.SealedMessages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys what the coordinator assigns in tasks whose models are promoted, and tells how it does.
 * What is loaded is switched to at once; a new model is fetched beside the work of rounds. For the
 * talk thread; models become active on the work thread.
 */
final class AssignmentDesk implements JobRunner.Outcome {
  private static final Logger log = LoggerFactory.getLogger(AssignmentDesk.class);
  private static final long TELL_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long TELL_UNCHANGED_NANOS = Duration.ofMinutes(1).toNanos();

  private final SiteState state;
  private final ServedStats stats;
  private final StateBoard board;
  private final Mouth mouth;
  private final Talk talk;
  private final LongSupplier nanoTime;
  private final PredictionBudget budget;
  private final JobsUnderWay jobs;

  private final Map<Digest, Known> known = new HashMap<>();
  private final Map<Digest, Told> told = new HashMap<>();

  /** The newest assignment of a task. */
  private record Known(long epoch, long revision) {
    boolean isNewerThan(long otherEpoch, long otherRevision) {
      return epoch > otherEpoch || (epoch == otherEpoch && revision > otherRevision);
    }
  }

  private record Told(Body.Running running, long at) {}

  AssignmentDesk(
      SiteState state,
      PhaseWork work,
      ServedStats stats,
      StateBoard board,
      Mouth mouth,
      SealedMessages sealed,
      Talk talk,
      ExecutorService worker,
      LongSupplier nanoTime) {
    this.state = state;
    this.stats = stats;
    this.board = board;
    this.mouth = mouth;
    this.talk = talk;
    this.nanoTime = nanoTime;
    budget = work.budget();
    JobRunner runner = new JobRunner(state, work, board, mouth, sealed, nanoTime, this);
    jobs = new JobsUnderWay(state, mouth, nanoTime, worker, runner::run, new Models());
  }

  /** Hears how the models of jobs come. */
  private final class Models implements JobsUnderWay.Listener {
    @Override
    public void listed() {
      // The plan desk looks again when its own lists come.
    }

    @Override
    public void refused(Job job, String why) {
      failed(job, why);
    }
  }

  /** An assignment came. */
  void assigned(KnownTask task, Header header, Body.Assignment assignment) {
    Digest digest = task.digest();
    Known before = known.get(digest);
    long revision = assignment.revision();
    boolean old = before != null && before.isNewerThan(header.epoch(), revision);
    if (old || !task.isApproved() || !task.task().promotion().isGated()) {
      return;
    }
    known.put(digest, new Known(header.epoch(), revision));
    if (state.deployments().pin(task).isPresent()) {
      log.info(
          "Task {}: another model is assigned, but a person holds the one here",
          task.task().name());
    } else if (assignment.model().isEmpty()) {
      withdraw(task);
    } else {
      deploy(task, assignment.model().get());
    }
    tell(task);
  }

  private void withdraw(KnownTask task) {
    drop(task.digest());
    if (state.deployments().withdraw(task)) {
      log.info("Task {}: the coordinator took its model back", task.task().name());
      board.withdrawn(task.task().name());
    }
  }

  private void deploy(KnownTask task, ModelReference model) {
    Digest digest = task.digest();
    Job current = jobs.of(digest);
    if (current != null && current.plan.model().digest().equals(model.digest())) {
      return;
    }
    drop(digest);
    if (runs(digest, model.digest())) {
      return;
    }
    stats.begins(digest, model.digest());
    if (state.deployments().resume(task, model.digest())) {
      log.info("Task {}: back to model version {}", task.task().name(), model.version());
      board.chosen(task.task().name(), state.deployments().describe(task));
      return;
    }
    if (!budget.refuses(digest)) {
      Job job = new Job(task, state.positions().of(digest), plan(task, model), mouth.site(), false);
      jobs.begin(job);
    }
  }

  private boolean runs(Digest task, Digest model) {
    return state
        .deployments()
        .of(task)
        .filter(each -> each.model().digest().equals(model))
        .isPresent();
  }

  /** What a deployment reads of a plan, which it has none of. */
  private static Plan plan(KnownTask task, ModelReference model) {
    return new Plan(
        "rollout", PhaseWork.DEPLOY, List.of(), model, true, 1, task.task().rounds().stall());
  }

  private void drop(Digest task) {
    Job job = jobs.of(task);
    if (job != null) {
      jobs.drop(job);
    }
  }

  private void failed(Job job, String why) {
    if (jobs.remove(job)) {
      log.warn(
          "Task {}: model version {} is not deployed: {}",
          job.name(),
          job.plan.model().version(),
          why);
    }
  }

  /** Takes a chunk. @return false if nobody asked for it */
  boolean deliver(byte[] bytes) {
    return jobs.deliver(bytes);
  }

  /** True if a chunk belongs to a model that is on its way to be deployed. */
  boolean needs(Digest chunk) {
    return jobs.needs(chunk);
  }

  /** The link is there again. */
  void connected() {
    jobs.connected();
    told.clear();
  }

  /** The owner said no. */
  void declined(Digest task) {
    drop(task);
    known.remove(task);
    told.remove(task);
  }

  /** Another model runs, or is held. */
  void redeployed() {
    told.clear();
    tellAll();
  }

  /** Asks again for what does not come, and tells what changed. */
  void tick() {
    jobs.tick();
    tellAll();
  }

  private void tellAll() {
    for (KnownTask task : state.tasks().all()) {
      if (task.isApproved() && task.task().promotion().isGated()) {
        tell(task);
      }
    }
  }

  private void tell(KnownTask task) {
    Body.Running running = running(task);
    long now = nanoTime.getAsLong();
    Told before = told.get(task.digest());
    boolean due =
        before == null
            || isSwitched(before.running(), running)
            || now - before.at()
                >= (before.running().equals(running) ? TELL_UNCHANGED_NANOS : TELL_NANOS);
    if (due) {
      told.put(task.digest(), new Told(running, now));
      mouth.say(task.digest(), state.positions().of(task.digest()), running, describe(running));
    }
  }

  private static boolean isSwitched(Body.Running before, Body.Running now) {
    return before.revision() != now.revision() || !models(before).equals(models(now));
  }

  private static List<Digest> models(Body.Running running) {
    return running.served().stream().map(Body.Served::model).toList();
  }

  private static String describe(Body.Running running) {
    StringBuilder text = new StringBuilder("what runs:");
    for (Body.Served each : running.served()) {
      text.append(' ').append(each.model().brief());
      text.append(" made ").append(each.predictions()).append(" predictions");
      each.metrics().forEach(metric -> text.append(", ").append(metric.name()));
    }
    return text.toString();
  }

  private Body.Running running(KnownTask task) {
    boolean held = state.deployments().pin(task).isPresent();
    int leastCount = task.task().leastCount();
    List<Body.Served> served = new ArrayList<>();
    Optional<Deployment> active = state.deployments().of(task.digest());
    active.ifPresent(each -> served.add(stats.served(each, true, held, leastCount)));
    state
        .deployments()
        .previous(task.digest())
        .ifPresent(each -> served.add(stats.served(each, false, false, leastCount)));
    Known now = known.get(task.digest());
    return new Body.Running(now == null ? 0 : now.revision(), served);
  }

  // --- from the work thread

  @Override
  public void replied(Job job, Outbox.Reply reply) {
    throw new IllegalStateException("an assignment asks for no reply");
  }

  @Override
  public void gaveUp(Job job, String reason) {
    talk.later(() -> failed(job, reason));
  }

  @Override
  public void advanced(Job job, long done, long total) {
    // Nobody waits for the progress of a deployment.
  }

  @Override
  public void ended(Job job) {
    talk.later(
        () -> {
          jobs.ended(job);
          if (jobs.remove(job)) {
            tell(job.task);
          }
        });
  }

  /** Cancels everything. */
  void cancelAll() {
    jobs.cancelAll();
  }
}
