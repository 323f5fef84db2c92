// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.PartListener;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts every closed part with the active deployment of each task, on a thread of its own that
 * never waits for training. A full queue makes the caller wait, so no part is left out.
 */
final class PartPredictor implements PartListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PartPredictor.class);
  private static final long LOOK_AGAIN_MILLIS = 500;
  private static final int IMAGES_KIB = 64 << 10;
  private static final long IDLE_MILLIS = 50;
  private static final double UNCERTAIN_FROM = 0.1;

  private final Deployments deployments;
  private final Derivation derivation;
  private final Preparation preparation;
  private final Engine engine;
  private final PredictionBook book;
  private final StateBoard board;
  private final ServedStats stats;
  private final DriftWatch drift;
  private final Durations durations = new Durations();
  private final int most;
  private final BlockingQueue<Waiting> queue;

  /** KiB of images that may wait; a part with more than all waits alone. */
  private final Semaphore images = new Semaphore(IMAGES_KIB);

  /** Predictors of what predicts now and of what it may go back to, by identity. */
  private final Map<Deployment, Predictor> loaded = new IdentityHashMap<>();

  private final Set<Deployment> tried = Collections.newSetFromMap(new IdentityHashMap<>());

  private final AtomicLong made = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /** A part and when it came, monotonic. */
  private record Waiting(PartData part, long since) {
    int imagesKib() {
      long bytes = part.images().values().stream().mapToLong(each -> each.bytes().length).sum();
      return (int) Math.min(IMAGES_KIB, bytes >> 10);
    }
  }

  PartPredictor(
      Deployments deployments,
      Derivation derivation,
      Preparation preparation,
      Engine engine,
      PredictionBook book,
      StateBoard board,
      ServedStats stats,
      DriftWatch drift,
      int most,
      String threadName) {
    this.most = most;
    this.queue = new ArrayBlockingQueue<>(most);
    this.deployments = deployments;
    this.derivation = derivation;
    this.preparation = preparation;
    this.engine = engine;
    this.book = book;
    this.board = board;
    this.stats = stats;
    this.drift = drift;
    this.thread = new Thread(this::run, threadName);
    this.thread.setDaemon(true);
  }

  /** Shows the last predictions of an earlier run and begins to predict. */
  void start() {
    book.uncertain().forEach(board::publish);
    for (Deployment each : deployments.all()) {
      board.deployment(
          each.task().task().name(),
          DeploymentState.ACTIVE,
          deployments.describe(each.task()) + ", restored");
    }
    thread.start();
  }

  @Override
  public void closed(PartData part) {
    Waiting waiting = new Waiting(part, System.nanoTime());
    try {
      while (!closed
          && !images.tryAcquire(waiting.imagesKib(), LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("The images of parts to be predicted take {} KiB; the next waits", IMAGES_KIB);
      }
      while (!closed && !queue.offer(waiting, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("Predictions are {} parts behind; the next part waits", most);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Predictions made since start. */
  long made() {
    return made.get();
  }

  /** Parts in the queue. */
  int waiting() {
    return queue.size();
  }

  /** How full the queue is. */
  QueueLevel level() {
    return new QueueLevel("predict", queue.size(), most);
  }

  /** Tells how long predictions take. */
  Durations durations() {
    return durations;
  }

  private void run() {
    try {
      deployments.kept().forEach(this::makeReady);
      while (!Thread.currentThread().isInterrupted()) {
        Waiting next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        images.release(next == null ? 0 : next.imagesKib());
        for (Deployment deployment : deployments.all()) {
          if (next == null) {
            makeReady(deployment);
          } else {
            predict(deployment, next);
          }
        }
        unload();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      loaded.values().forEach(Predictor::close);
      loaded.clear();
    }
  }

  /**
   * A deployment is loaded and tried before a part needs it: the newest between two parts, what may
   * be gone back to at the start.
   */
  private void makeReady(Deployment deployment) {
    if (!tried.add(deployment)) {
      return;
    }
    try {
      float[] unused = predictor(deployment).predict(1, new float[deployment.schema().inputSize()]);
    } catch (RuntimeException failed) {
      // The first part that needs it tries again, and tells.
      log.warn(
          "Task {}: model version {} could not be loaded yet: {}",
          deployment.task().task().name(),
          deployment.model().version(),
          failed.toString());
    }
  }

  private void predict(Deployment deployment, Waiting waiting) {
    String task = deployment.task().task().name();
    try {
      Derivation.Result input = derivation.derive(deployment.schema(), waiting.part());
      try {
        serve(deployment, waiting, input, "");
      } catch (RuntimeException failed) {
        stats.failed(deployment);
        instead(deployment, waiting, input, failed);
      }
    } catch (RuntimeException failed) {
      // One task's broken engine must not end the predictions of the others.
      log.error(
          "Task {} could not predict part {}: {}",
          task,
          waiting.part().part().serial(),
          failed.toString());
      log.debug("The cause in full", failed);
      board.deployment(task, DeploymentState.FAULTED, failed.toString());
    }
  }

  /** No part is left out as long as the deployment before can predict it. */
  private void instead(
      Deployment broken, Waiting waiting, Derivation.Result input, RuntimeException failed) {
    Deployment before = deployments.previous(broken.task().digest()).orElse(null);
    if (before == null) {
      throw failed;
    }
    log.debug("Model version {} failed", broken.model().version(), failed);
    try {
      serve(
          before,
          waiting,
          input,
          "version "
              + broken.model().version()
              + " cannot predict, so version "
              + before.model().version()
              + " does in its place: "
              + failed);
    } catch (RuntimeException both) {
      failed.addSuppressed(both);
      throw failed;
    }
  }

  /**
   * Predicts a part and gives the prediction to all.
   *
   * @param trouble why this is not the active deployment; empty if it is
   */
  private void serve(
      Deployment deployment, Waiting waiting, Derivation.Result input, String trouble) {
    PartData part = waiting.part();
    String task = deployment.task().task().name();
    Prediction prediction =
        input.window().isEmpty()
            ? unusable(deployment, part)
            : usable(deployment, part, input, predictor(deployment));
    Optional<String> unwritten = write(prediction);
    if (trouble.isEmpty() && prediction.trust() == Trust.GOOD) {
      watch(deployment, input.window().orElseThrow(), prediction);
    }
    made.incrementAndGet();
    board.publish(prediction);
    long took = System.nanoTime() - waiting.since();
    durations.predicted(task, took);
    Optional<Boolean> alarm =
        input.window().isEmpty()
            ? Optional.empty()
            : Answer.alarm(deployment.schema().label(), prediction.predicted());
    stats.predicted(deployment, alarm, took);
    String running = deployments.describe(deployment.task());
    if (unwritten.isPresent()) {
      board.deployment(task, DeploymentState.DEGRADED, running + "; " + unwritten.get());
    } else if (!trouble.isEmpty()) {
      board.deployment(task, DeploymentState.DEGRADED, trouble);
    } else {
      board.deployment(task, DeploymentState.ACTIVE, running);
    }
  }

  /**
   * Whoever waits for a prediction gets it even if the disk is full: what the book must know, the
   * newest of the task, is written with the next one.
   *
   * @return why it could not be written; empty if it was
   */
  private Optional<String> write(Prediction prediction) {
    try {
      book.add(prediction);
      return Optional.empty();
    } catch (UncheckedIOException full) {
      return Optional.of("predictions are served, but not written down: " + full.getMessage());
    }
  }

  /** A part that is whole is compared with those of the training. */
  private void watch(Deployment deployment, Tensor window, Prediction p) {
    Answer answer =
        new Answer(p.predicted(), p.probability(), p.probabilities(), p.threshold(), p.score());
    drift.predicted(deployment, window, answer);
  }

  private Predictor predictor(Deployment deployment) {
    return loaded.computeIfAbsent(
        deployment, each -> engine.predictor(each.network(), each.vector()));
  }

  private void unload() {
    List<Deployment> kept = deployments.kept();
    stats.keepOnly(kept);
    tried.removeIf(each -> kept.stream().noneMatch(one -> one == each));
    loaded
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = kept.stream().noneMatch(one -> one == each.getKey());
              if (gone) {
                each.getValue().close();
              }
              return gone;
            });
  }

  private Prediction usable(
      Deployment deployment, PartData part, Derivation.Result input, Predictor predictor) {
    Schema schema = deployment.schema();
    Answer answer = answer(deployment, input.window().orElseThrow(), predictor);
    double missing = (double) input.missing() / schema.sampledSize();
    return prediction(
        deployment,
        part,
        answer,
        missing > UNCERTAIN_FROM || part.interrupted() || answer.predicted().isEmpty()
            ? Trust.UNCERTAIN
            : Trust.GOOD,
        missing);
  }

  private Answer answer(Deployment deployment, Tensor window, Predictor predictor) {
    Schema schema = deployment.schema();
    if (!schema.label().isAnomaly()) {
      float[] values = preparation.apply(schema, deployment.normalisation(), window);
      return Answer.of(deployment.task().task(), predictor.predict(1, values));
    }
    LabelledInputs one = preparation.unlabelled(schema, deployment.normalisation(), window);
    double[] scores = preparation.scores(one, predictor.predict(1, one.values()));
    return Answer.ofScore(scores[0], deployment.threshold());
  }

  private Prediction unusable(Deployment deployment, PartData part) {
    Answer none = Answer.none(deployment.schema().label());
    return prediction(deployment, part, none, Trust.BAD, 1);
  }

  private Prediction prediction(
      Deployment deployment, PartData part, Answer answer, Trust trust, double missing) {
    String task = deployment.task().task().name();
    return new Prediction(
        task,
        part.part().serial(),
        answer.predicted(),
        answer.probability(),
        answer.probabilities(),
        answer.threshold(),
        deployment.model().version(),
        deployment.model().digest(),
        deployment.localRevision(),
        book.next(task),
        trust,
        part.part().end(),
        missing,
        answer.score(),
        isAlarm(deployment, answer.predicted()));
  }

  private static boolean isAlarm(Deployment deployment, String predicted) {
    return !predicted.isEmpty()
        && Answer.alarm(deployment.schema().label(), predicted).orElse(false);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
