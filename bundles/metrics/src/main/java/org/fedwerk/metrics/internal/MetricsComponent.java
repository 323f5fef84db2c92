// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.status.Health;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics over JMX always, and over HTTP where a port is configured. Its own status is registered
 * by hand: it takes every {@link StatusSource}, and a component cannot wait for itself.
 */
@Component(
    service = {},
    configurationPid = EndpointSettings.PID,
    immediate = true)
@Designate(ocd = Config.class)
public final class MetricsComponent implements StatusSource {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsComponent.class);
  private static final long REFRESH_SECONDS = 10;
  private static final String SUBJECT = "metrics";

  private final EndpointSettings settings;
  private final List<StatusSource> rooms = new CopyOnWriteArrayList<>();
  private final Registries registries = new Registries();
  private final ScheduledExecutorService thread;
  private @Nullable ServiceRegistration<?> registered;
  private List<Found<?>> found = List.of();
  private volatile @Nullable Endpoint endpoint;
  private volatile String trouble = "";

  /** Reads the configuration. */
  @Activate
  public MetricsComponent(Config config) {
    this(EndpointSettings.of(config));
  }

  /** Outside OSGi; {@link #start(BundleContext)} is then {@link #refresh()}. */
  MetricsComponent(EndpointSettings settings) {
    this.settings = settings;
    registries.book().add(this::measurements);
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "fedwerk-metrics");
              made.setDaemon(true);
              return made;
            });
  }

  void addSource(MetricSource source) {
    registries.book().add(source);
  }

  void removeSource(MetricSource source) {
    registries.book().remove(source);
  }

  void addRoom(StatusSource room) {
    rooms.add(room);
  }

  void removeRoom(StatusSource room) {
    rooms.remove(room);
  }

  /** Begins on the own thread. */
  @Activate
  void start(BundleContext context) {
    registered = context.registerService(StatusSource.class, this, null);
    Found<MetricSource> sources =
        new Found<>(context, MetricSource.class, thread, this::addSource, this::removeSource);
    Found<StatusSource> lines =
        new Found<>(context, StatusSource.class, thread, this::addRoom, this::removeRoom);
    found = List.of(sources, lines);
    found.forEach(Found::look);
    thread.scheduleWithFixedDelay(this::refresh, 0, REFRESH_SECONDS, TimeUnit.SECONDS);
  }

  /** Gives the port back. */
  @Deactivate
  void stop() {
    ServiceRegistration<?> status = registered;
    if (status != null) {
      status.unregister();
    }
    thread.shutdownNow();
    found.forEach(Found::close);
    synchronized (this) {
      Endpoint listening = endpoint;
      if (listening != null) {
        listening.close();
      }
    }
    registries.close();
  }

  /** What JMX shows is as old as the last call; an endpoint that is not up is tried again. */
  synchronized void refresh() {
    if (!thread.isShutdown()) {
      listen();
      registries.book().refresh();
    }
  }

  private void listen() {
    if (endpoint != null || settings.address().getPort() == 0) {
      return;
    }
    try {
      endpoint = new Endpoint(settings, registries::scrape, () -> Health.of(rooms));
      trouble = "";
      LOG.info("Metrics and health are at {}", where());
    } catch (IOException taken) {
      String now =
          where()
              + " cannot be listened on ("
              + taken.getMessage()
              + "); free the port or set another one in etc/"
              + EndpointSettings.PID
              + ".cfg; it is tried again";
      if (!now.equals(trouble)) {
        LOG.error("{}", now);
      }
      trouble = now;
    }
  }

  private List<Measurement> measurements() {
    Endpoint listening = endpoint;
    return listening == null
        ? List.of()
        : new QueueLevel("requests", listening.waiting(), settings.requestsMost()).things();
  }

  private String where() {
    return "http://"
        + settings.address().getAddress().getHostAddress()
        + ":"
        + settings.address().getPort();
  }

  @Override
  public List<StatusLine> status() {
    if (settings.address().getPort() == 0) {
      return List.of(new StatusLine(SUBJECT, StatusLine.State.READY, "JMX only, no port is set"));
    }
    String now = trouble;
    if (!now.isEmpty()) {
      return List.of(new StatusLine(SUBJECT, StatusLine.State.DEGRADED, now));
    }
    return List.of(
        endpoint == null
            ? new StatusLine(SUBJECT, StatusLine.State.STARTING, "opens " + where())
            : new StatusLine(SUBJECT, StatusLine.State.READY, where() + "/metrics and /health"));
  }
}
