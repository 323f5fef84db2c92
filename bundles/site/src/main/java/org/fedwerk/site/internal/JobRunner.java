// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.predict.LearningState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs whose model has arrived, and writes their replies to the outbox. For the site's one
 * work thread.
 */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  private final SiteState state;
  private final PhaseWork work;
  private final StateBoard board;
  private final Mouth mouth;
  private final SealedMessages sealed;
  private final LongSupplier nanoTime;
  private final Outcome outcome;

  /** Hears what became of a job; called on the work thread. */
  interface Outcome {
    /** Its reply is in the outbox. */
    void replied(Job job, Outbox.Reply reply);

    /** This site cannot answer. */
    void gaveUp(Job job, String reason);

    /** It goes on. */
    void advanced(Job job, long done, long total);

    /** Nothing of it runs any more; always the last call. */
    void ended(Job job);
  }

  JobRunner(
      SiteState state,
      PhaseWork work,
      StateBoard board,
      Mouth mouth,
      SealedMessages sealed,
      LongSupplier nanoTime,
      Outcome outcome) {
    this.state = state;
    this.work = work;
    this.board = board;
    this.mouth = mouth;
    this.sealed = sealed;
    this.nanoTime = nanoTime;
    this.outcome = outcome;
  }

  /** Runs a job to its end, unless it was cancelled before. */
  void run(Job job) {
    try {
      if (job.isCancelled()) {
        return;
      }
      if (job.replies) {
        reply(job);
      } else {
        work.prepare(job.task, job.key, job.plan, model(job), watch(job));
      }
      deployed(job);
    } catch (RefusedException refused) {
      outcome.gaveUp(job, refused.getMessage());
    } catch (CancellationException cancelled) {
      log.debug("Work on {} was cancelled by a newer plan", job.key);
    } catch (ArithmeticException diverged) {
      outcome.gaveUp(job, String.valueOf(diverged.getMessage()));
    } catch (RuntimeException broken) {
      // Its message may hold data of this site, and the reason leaves it.
      log.error("Work on {} failed: {}", job.key, broken.toString());
      log.debug("The cause in full", broken);
      outcome.gaveUp(
          job, "internal failure (" + broken.getClass().getSimpleName() + "); see the site's log");
    } finally {
      state.chunks().made();
      outcome.ended(job);
    }
  }

  private void deployed(Job job) {
    String now = state.deployments().describe(job.task);
    if (job.plan.committed() && !now.isEmpty()) {
      board.deployed(job.name(), now);
    }
  }

  private void reply(Job job) throws RefusedException {
    float[] model = model(job);
    boolean training = job.plan.request().equals(PhaseWork.TRAIN);
    LearningState doing = training ? LearningState.TRAINING : LearningState.VALIDATING;
    if (!job.unlessCancelled(
        () -> board.learning(job.name(), doing, "round " + job.position.round()))) {
      return;
    }
    Manifest manifest = work.work(job.task, job.key, job.plan, model, watch(job));
    Position position = job.position;
    byte[] bytes = mouth.seal(job.task.digest(), position, manifest);
    List<Digest> chunks =
        manifest.sections().stream().flatMap(section -> section.blobs().stream()).toList();
    Outbox.Reply reply =
        new Outbox.Reply(
            job.key,
            position.epoch(),
            bytes,
            sealed.bodyDigest(bytes),
            chunks,
            false,
            manifest.statistics().size(),
            manifest.labels().isPresent());
    // A newer plan forgets what is below it, so nothing may be added after that.
    if (job.unlessCancelled(() -> state.outbox().add(reply))) {
      state.chunks().note(chunks);
      outcome.replied(job, reply);
    }
  }

  private float[] model(Job job) throws RefusedException {
    Network network = state.deployments().network(job.task);
    Layout layout = PersonalModels.exchange(job.task, network).layout();
    if (!layout.digest().equals(job.plan.model().layout())
        || layout.size() != job.plan.model().parameters().size()) {
      throw new RefusedException(
          "model", "the plan's model has another layout than this program builds from the task");
    }
    float[] vector =
        state
            .deployments()
            .assemble(job.plan.model())
            .orElseThrow(
                () ->
                    new RefusedException(
                        "model",
                        "a chunk of the model is gone from the blob store or has another size than the plan names"));
    Digest digest =
        GlobalDigest.of(job.task.digest(), layout, vector, job.plan.model().statistics());
    if (!digest.equals(job.plan.model().digest())) {
      throw new RefusedException(
          "model", "the assembled model has another global digest than the plan names");
    }
    return vector;
  }

  private TrainingProgress watch(Job job) {
    long every = job.plan.stall().toNanos() / 3;
    long[] last = {nanoTime.getAsLong()};
    return (done, total) -> {
      long now = nanoTime.getAsLong();
      if (now - last[0] >= every) {
        last[0] = now;
        outcome.advanced(job, done, total);
      }
      return !job.isCancelled();
    };
  }
}
