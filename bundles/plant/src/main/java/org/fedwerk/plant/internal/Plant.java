// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.fedwerk.api.RefusedException;
import org.fedwerk.plant.internal.mqtt.LabelPublisher;
import org.fedwerk.plant.internal.opcua.PlantServer;
import org.fedwerk.plant.internal.probe.LatencyProbe;
import org.fedwerk.plant.process.PlantProcess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated plant: a machine behind an OPC UA server, quality labels over MQTT, and a probe of
 * the predictions. It works on a thread of its own from {@link #start} to {@link #close}.
 */
public final class Plant implements PlantView, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Plant.class);

  private final PlantSettings settings;
  private final ProcessSource source;
  private final Optional<LatencyProbe> probe;
  private final Thread thread;
  private volatile Optional<LabelPublisher> labels = Optional.empty();
  private volatile @Nullable PlantServer server;
  private volatile @Nullable ProductionLine line;
  private final CountDownLatch begun;
  private volatile boolean trickling;
  private volatile String process = "";
  private volatile String failure = "";

  /** A plant at rest. */
  public Plant(PlantSettings settings, ProcessSource source) {
    this.settings = settings;
    this.source = source;
    this.probe = settings.probe().map(given -> new LatencyProbe(settings.site(), given));
    this.trickling = settings.pace().trickleAtStart();
    this.begun = new CountDownLatch(settings.pace().startsAtOnce() ? 0 : 1);
    this.thread = new Thread(this::run, "fedwerk-plant-" + settings.site());
    this.thread.setDaemon(true);
    this.thread.setUncaughtExceptionHandler(
        (where, broken) -> {
          LOG.error("plant {} stopped", settings.site(), broken);
          failure = "stopped by a defect, see the log: " + broken;
        });
  }

  /** Starts to work; returns at once. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      PlantProcess opened = source.open();
      process = opened.description();
      PlantServer started = listen(opened);
      labels =
          settings
              .broker()
              .map(broker -> new LabelPublisher(settings.site(), opened.label(), broker));
      labels.ifPresent(LabelPublisher::start);
      probe.ifPresent(LatencyProbe::start);
      ProductionLine made = new ProductionLine(opened, settings.pace(), started, labels, probe);
      made.trickle(trickling);
      line = made;
      begun.await();
      made.run();
      LOG.info("plant {} has made all its parts", settings.site());
    } catch (RefusedException refused) {
      fail(refused.getMessage());
    } catch (InterruptedException stopped) {
      LOG.debug("plant {} was stopped", settings.site());
    }
  }

  private PlantServer listen(PlantProcess opened) throws InterruptedException {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));
    while (true) {
      try {
        PlantServer started = PlantServer.start(settings.server(), opened.signals());
        server = started;
        failure = "";
        LOG.info("plant {} serves {} at {}", settings.site(), process, started.endpoint());
        return started;
      } catch (IOException | GeneralSecurityException failed) {
        fail(failed.getMessage() + "; trying again");
        backoff.await();
      }
    }
  }

  private void fail(String what) {
    if (!what.equals(failure)) {
      LOG.warn("plant {}: {}", settings.site(), what);
      failure = what;
    }
  }

  @Override
  public void begin() {
    begun.countDown();
  }

  @Override
  public void trickle(boolean on) {
    trickling = on;
    ProductionLine running = line;
    if (running != null) {
      running.trickle(on);
    }
  }

  @Override
  public void disturb(String signal, Disturbance disturbance) {
    ProductionLine running = line;
    if (running == null) {
      throw new IllegalStateException("plant " + settings.site() + " does not run yet");
    }
    running.disturb(signal, disturbance);
  }

  @Override
  public PlantStatus snapshot() {
    PlantServer listening = server;
    ProductionLine running = line;
    return new PlantStatus(
        settings.site(),
        state(running),
        detail(running),
        process,
        listening == null ? "" : listening.endpoint(),
        running == null ? 0 : running.bulkParts(),
        running == null ? 0 : running.trickleParts(),
        listening == null ? Map.of() : listening.written(),
        listening == null ? 0 : listening.overflows(),
        labels
            .map(
                sender ->
                    new PlantStatus.Labels(sender.state(), sender.sent(), sender.acknowledged()))
            .orElse(new PlantStatus.Labels("off", 0, 0)),
        probe
            .map(
                watching ->
                    new PlantStatus.Probe(
                        watching.state(),
                        watching.count(),
                        watching.quantileMillis(0.5),
                        watching.quantileMillis(0.99)))
            .orElse(new PlantStatus.Probe("off", 0, Double.NaN, Double.NaN)));
  }

  private PlantState state(@Nullable ProductionLine running) {
    if (!failure.isEmpty()) {
      return PlantState.FAILED;
    }
    return running == null ? PlantState.STARTING : running.state();
  }

  private String detail(@Nullable ProductionLine running) {
    if (!failure.isEmpty()) {
      return failure;
    }
    return switch (state(running)) {
      case STARTING -> "reading data and opening the server";
      case WAITING ->
          begun.getCount() > 0
              ? "waiting for plant:start"
              : "waiting until clients subscribe to every signal and the serial";
      case BULK -> "making parts as fast as the clients take them";
      case TRICKLE -> "making " + settings.pace().tricklePerSecond() + " parts a second";
      case HOLDING -> "bulk is done; plant:trickle on goes on";
      case DONE -> "all parts are made";
      case FAILED -> failure;
    };
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(10_000);
    if (labels.isPresent()) {
      labels.get().close();
    }
    if (probe.isPresent()) {
      probe.get().close();
    }
    PlantServer listening = server;
    if (listening != null) {
      listening.close();
    }
  }
}
