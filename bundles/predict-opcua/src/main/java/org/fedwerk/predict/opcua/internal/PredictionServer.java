// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows every task's predictions on an OPC UA server and keeps that server running. It starts on a
 * thread of its own, again and again until it listens; what was published meanwhile is shown then.
 * Publishing only puts values into queues in memory, on the caller's thread, so that order and
 * delay are the caller's own. Thread-safe.
 */
public final class PredictionServer
    implements PredictionSink, CertificateTrust, StatusSource, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionServer.class);
  private static final String OWNER = "predict-opcua";
  private static final long STOP_SECONDS = 30;

  private final ServerSettings settings;
  private final CertificateFolders clients;
  private final Clock clock;
  private final Backoff backoff;
  private final ScheduledExecutorService work;
  private final Map<String, ShownTask> tasks = new LinkedHashMap<>(); // guarded by this
  private @Nullable ModelServer running; // guarded by this
  private boolean closed; // guarded by this
  private volatile StatusLine idle; // while nothing runs

  /**
   * A server that does not run yet.
   *
   * @param clock time of changes of state
   * @param backoff waits between attempts to start
   */
  PredictionServer(ServerSettings settings, Clock clock, Backoff backoff) {
    this.settings = settings;
    this.clients = new CertificateFolders(settings.folder(), settings.trustAllClients());
    this.clock = clock;
    this.backoff = backoff;
    this.idle = line(StatusLine.State.STARTING, "starts");
    this.work =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "fedwerk-predict-opcua");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins to start; returns at once. */
  void start() {
    if (settings.admitsAnybody()) {
      work.execute(this::attempt);
    } else {
      idle =
          line(
              StatusLine.State.WAITING,
              "closed, as nobody may log in; set user and .password in etc/"
                  + SettingsReader.PID
                  + ".cfg");
    }
  }

  private void attempt() {
    try {
      opened(ModelServer.start(settings, clients));
    } catch (ServerProblem problem) {
      failed(problem.what());
    } catch (RuntimeException | LinkageError bug) {
      // The end of the thread's work: without this nobody would ever hear of it.
      if (idle.state() != StatusLine.State.DOWN) {
        LOG.error("The OPC UA server did not start", bug);
      }
      failed("it did not start (" + bug.getMessage() + "), see the log");
    }
  }

  private synchronized void failed(String why) {
    if (closed) {
      return;
    }
    Duration wait = backoff.next();
    String detail = why + "; tried again in " + wait.toMillis() + " ms";
    if (idle.state() != StatusLine.State.DOWN) {
      LOG.warn("The OPC UA server does not run: {}", detail);
    }
    idle = line(StatusLine.State.DOWN, detail);
    work.schedule(this::attempt, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void opened(ModelServer server) {
    if (closed) {
      server.close();
      return;
    }
    running = server;
    tasks.values().forEach(task -> show(server, task));
    LOG.info("Predictions are served on {}", server.endpoint());
    if (settings.trustAllClients()) {
      LOG.warn("trust.all.clients is on: every valid client certificate is taken");
    }
  }

  private static void show(ModelServer server, ShownTask task) {
    Prediction prediction = task.prediction();
    if (prediction != null) {
      server.namespace().showPrediction(task, prediction);
    }
    Instant since = task.since();
    if (since != null) {
      server.namespace().showStates(task, since);
    }
  }

  @Override
  public synchronized void state(
      String task, DeploymentState deployment, LearningState learning, String detail) {
    Instant now = clock.instant();
    ShownTask shown = known(task).with(deployment, learning, detail, now);
    tasks.put(task, shown);
    if (running != null) {
      running.namespace().showStates(shown, now);
    }
  }

  @Override
  public synchronized void publish(Prediction prediction) {
    ShownTask shown = known(prediction.task()).with(prediction);
    tasks.put(prediction.task(), shown);
    if (running != null) {
      running.namespace().showPrediction(shown, prediction);
    }
  }

  private ShownTask known(String task) {
    ShownTask known = tasks.get(task);
    return known == null ? ShownTask.unknown(task) : known;
  }

  /** The address that clients use; null while the server does not listen. */
  public synchronized @Nullable String endpoint() {
    return running == null ? null : running.endpoint();
  }

  @Override
  public List<StatusLine> status() {
    ModelServer server;
    int shown;
    synchronized (this) {
      server = running;
      shown = tasks.size();
    }
    if (server == null) {
      return List.of(idle);
    }
    return List.of(
        line(
            StatusLine.State.READY,
            "%s, %d sessions, %d monitored items, %d tasks%s"
                .formatted(
                    server.endpoint(),
                    server.sessions(),
                    server.items(),
                    shown,
                    settings.trustAllClients() ? ", trusts every client" : "")));
  }

  @Override
  public List<Measurement> measurements() {
    ModelServer server;
    synchronized (this) {
      server = running;
    }
    if (server == null) {
      return List.of();
    }
    return Stream.of(
            new QueueLevel("sessions", server.sessions(), settings.maxSessions()),
            new QueueLevel("items", server.items(), settings.maxItems()))
        .flatMap(level -> level.things().stream())
        .toList();
  }

  private static StatusLine line(StatusLine.State state, String detail) {
    return new StatusLine(OWNER, state, detail);
  }

  @Override
  public String owner() {
    return OWNER;
  }

  @Override
  public List<Pending> pending() {
    return clients.pending();
  }

  @Override
  public void trust(String thumbprint) throws RefusedException {
    clients.trust(thumbprint);
  }

  /** Stops listening, and waits for it: the next one may want the same port. */
  @Override
  public void close() {
    ModelServer server;
    synchronized (this) {
      closed = true;
      server = running;
      running = null;
      idle = line(StatusLine.State.DOWN, "stopped");
    }
    work.shutdownNow();
    if (server != null) {
      server.close();
    }
    try {
      if (!work.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.error(
            "The OPC UA server did not stop in {} seconds; its port may be taken", STOP_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
