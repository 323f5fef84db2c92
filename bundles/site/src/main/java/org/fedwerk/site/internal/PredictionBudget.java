// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.task.ModelSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a site out of a task whose model its engine cannot predict with, as the base that it stands
 * on is not here, or predicts with more slowly than the task allows, and keeps such a model from
 * being deployed here: measured once before the site is ready or deploys, and again from time to
 * time while that is so. The model's parameters do not matter for that, so it is measured with
 * zeros, before there is any model. Thread-safe.
 */
final class PredictionBudget {
  private static final Logger log = LoggerFactory.getLogger(PredictionBudget.class);
  private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final Engine engine;
  private final PredictionTimer timer;
  private final Function<KnownTask, Network> networks;
  private final LongSupplier nanoTime;
  private final Map<Digest, Outcome> outcomes = new HashMap<>();

  /** Tasks of which a model was not deployed. */
  private final Set<Digest> refused = new HashSet<>();

  /**
   * What was found.
   *
   * @param refusal why the site stays away; empty if it does not
   * @param at when, monotonic; while a measurement is under way, since when
   */
  private record Outcome(String refusal, long at, boolean underWay) {}

  /**
   * Nothing is measured yet.
   *
   * @param networks the architecture of an accepted task
   */
  PredictionBudget(Engine engine, Function<KnownTask, Network> networks, LongSupplier nanoTime) {
    this.engine = engine;
    this.timer = new PredictionTimer(engine, nanoTime);
    this.networks = networks;
    this.nanoTime = nanoTime;
  }

  /**
   * What the site says of a task: that it is ready only within the budget.
   *
   * @param worker runs measurements, after what it does already
   */
  Ready within(KnownTask task, Ready ready, Executor worker) {
    ModelSpec model = task.task().model();
    if (!ready.willing() || (model.base() == null && !model.budget().boundsPredictions())) {
      return ready;
    }
    String refusal = engine.refusal(networks.apply(task)).orElseGet(() -> refusal(task, worker));
    return refusal.isEmpty() ? ready : new Ready(false, refusal, 0, 0, 0);
  }

  /**
   * Lets a model be deployed, or not; measures now if that has not been done, or long ago. For the
   * thread that measures.
   *
   * @throws RefusedException if a prediction takes longer than the task allows
   */
  void require(KnownTask task) throws RefusedException {
    if (!task.task().model().budget().boundsPredictions()) {
      return;
    }
    if (isToBeMeasured(task.digest())) {
      measure(task);
    }
    String refusal = refusal(task.digest());
    if (!refusal.isEmpty()) {
      synchronized (this) {
        refused.add(task.digest());
      }
      throw new RefusedException("model.budget", refusal);
    }
  }

  private synchronized boolean isToBeMeasured(Digest task) {
    Outcome known = outcomes.get(task);
    return known == null || known.underWay() || isOld(known);
  }

  /** True while a model would not be deployed, so that it need not be fetched either. */
  synchronized boolean refuses(Digest task) {
    return !isToBeMeasured(task) && !refusal(task).isEmpty() && refused.contains(task);
  }

  /** Why models of a task are not deployed here; empty if they are, or nothing is known yet. */
  synchronized String refusal(Digest task) {
    Outcome known = outcomes.get(task);
    return known == null || known.underWay() ? "" : known.refusal();
  }

  /** True, once, if a model that was not deployed may be deployed by now. */
  synchronized boolean mayDeployAgain() {
    return refused.removeIf(task -> !refuses(task));
  }

  private boolean isOld(Outcome known) {
    return !known.underWay()
        && !known.refusal().isEmpty()
        && nanoTime.getAsLong() - known.at() >= AGAIN_NANOS;
  }

  private synchronized String refusal(KnownTask task, Executor worker) {
    Outcome known = outcomes.get(task.digest());
    long now = nanoTime.getAsLong();
    if (known == null || isOld(known)) {
      String meanwhile =
          known == null ? "it is measured how long a prediction takes here" : known.refusal();
      outcomes.put(task.digest(), new Outcome(meanwhile, now, true));
      try {
        worker.execute(() -> measure(task));
      } catch (RejectedExecutionException stopping) {
        outcomes.remove(task.digest());
      }
      return meanwhile;
    }
    return known.refusal();
  }

  private void measure(KnownTask task) {
    String refusal;
    try {
      refusal = judge(task, timer.millis(networks.apply(task), task.task().schema().inputSize()));
    } catch (RuntimeException broken) {
      // Its message may hold data of this site, and the reason leaves it.
      log.error("Task {}: a prediction could not be measured", task.task().name(), broken);
      refusal =
          "a prediction could not be measured ("
              + broken.getClass().getSimpleName()
              + "); see the site's log";
    }
    synchronized (this) {
      outcomes.put(task.digest(), new Outcome(refusal, nanoTime.getAsLong(), false));
    }
  }

  private static String judge(KnownTask task, double millis) {
    double most = task.task().model().budget().predictionMillis();
    String words =
        String.format(
            Locale.ROOT,
            "a prediction takes %.3g ms here, model.budget.milliseconds-per-prediction allows %s",
            millis,
            Double.toString(most));
    log.info("Task {}: {}", task.task().name(), words);
    return millis > most ? words : "";
  }
}
