// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals and labels of one MQTT broker. One thread of its own does everything in turn:
 * connect, subscribe, receive, store, acknowledge, and wait before it begins again. Blocking in a
 * sink therefore stops nothing but this source; the library's threads keep the connection alive.
 */
@Component(
    service = {SignalSource.class, StatusSource.class, MetricSource.class},
    immediate = true,
    configurationPid = SettingsReader.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MqttConfig.class, factory = true)
public final class MqttSource implements SignalSource, StatusSource, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MqttSource.class);
  private static final Duration END_WITHIN = Duration.ofSeconds(10);

  private final MqttSettings settings;
  private final SampleSink samples;
  private final LabelSink labels;
  private final MessageMapper mapper;
  private final Backoff backoff;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable BrokerConnection current;
  private volatile StatusLine status;

  /** The last batch could not be stored: being connected again is no good news yet. */
  private boolean isFull;

  /** A source by configuration. */
  @Activate
  public MqttSource(
      @Reference SampleSink samples,
      @Reference LabelSink labels,
      @Reference ImageInspection inspection,
      Map<String, Object> configuration)
      throws RefusedException {
    this(SettingsReader.read(configuration), samples, labels, inspection);
  }

  /** A source that does nothing until it is started. */
  public MqttSource(
      MqttSettings settings, SampleSink samples, LabelSink labels, ImageInspection inspection) {
    this.settings = settings;
    this.samples = samples;
    this.labels = labels;
    this.mapper =
        new MessageMapper(
            settings, new ImageMapper(inspection, settings, Clock.systemUTC()), System::nanoTime);
    this.backoff =
        new Backoff(settings.backoffLeast(), settings.backoffMost(), ThreadLocalRandom.current());
    this.status = line(StatusLine.State.STARTING, "not connected yet");
    this.thread = new Thread(this::run, "fedwerk-mqtt-" + settings.name());
    this.thread.setDaemon(true);
  }

  /** Begins to connect; returns at once. */
  @Activate
  public void start() {
    thread.start();
  }

  @Override
  public List<Measurement> measurements() {
    BrokerConnection now = current;
    int waiting = now == null ? 0 : now.waiting();
    long bytes = now == null ? 0 : now.waitingBytes();
    String name = settings.name();
    return Stream.concat(
            new QueueLevel("mqtt:" + name, waiting, settings.inbox()).things().stream(),
            new QueueLevel("mqtt:" + name, bytes, settings.inboxBytes()).bytes().stream())
        .toList();
  }

  /**
   * Ends the connection and waits for the thread, at most ten seconds; the session is kept. The
   * thread is not interrupted: it may be storing or about to write acknowledgements.
   */
  @Deactivate
  @Override
  public void close() {
    stop.countDown();
    BrokerConnection connecting = current;
    if (connecting != null) {
      connecting.giveUpBeforeDelivery();
    }
    try {
      thread.join(END_WITHIN.toMillis());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Duration wait;
      do {
        wait = attempt();
      } while (!stop.await(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException foreign) {
      LOG.warn("{} was interrupted from outside and ends", subject());
      report(StatusLine.State.DOWN, "it was interrupted; restart the bundle");
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  /** One connection from its beginning to its end. @return how long to wait before the next */
  private Duration attempt() throws InterruptedException {
    try (BrokerConnection connection = new BrokerConnection(settings)) {
      current = connection;
      if (!isStopped()) {
        connection.connect();
        converse(connection);
      }
      return Duration.ZERO;
    } catch (ConnectionProblem problem) {
      if (!isStopped()) {
        report(StatusLine.State.DOWN, problem.what());
      }
      return backoff.next(problem.isSlow());
    } catch (UncheckedIOException full) {
      isFull = true;
      report(
          StatusLine.State.DOWN,
          "what came cannot be stored ("
              + full.getMessage()
              + "); it is not acknowledged and the broker sends it again; free the store");
      return backoff.next(false);
    } catch (RuntimeException unexpected) {
      LOG.error("{} met an unexpected error and connects anew", subject(), unexpected);
      report(
          StatusLine.State.DOWN,
          "an unexpected error ("
              + unexpected.getClass().getSimpleName()
              + "); see the log; nothing is acknowledged and it is tried again");
      return backoff.next(true);
    } finally {
      current = null;
    }
  }

  /** Subscribes and delivers until it is stopped or the connection is lost. */
  private void converse(BrokerConnection connection)
      throws ConnectionProblem, InterruptedException {
    try {
      long since = System.nanoTime();
      Subscriptions subscriptions = Subscriptions.make(connection, settings);
      if (!isFull) {
        report(subscriptions.state(), subscriptions.detail());
      }
      while (!isStopped()) {
        List<Incoming> messages = connection.next();
        boolean isStored = !messages.isEmpty();
        if (isStored) {
          store(messages);
          connection.acknowledge(messages);
        }
        boolean isLong = System.nanoTime() - since > settings.backoffMost().toNanos();
        if (isLong) {
          since = System.nanoTime();
          subscriptions = subscriptions.completed();
        }
        if (isStored || isLong) {
          isFull = false;
          backoff.reset();
          report(subscriptions.state(), subscriptions.detail());
        }
      }
    } catch (ConnectionProblem lost) {
      if (settings.hasSignals() && !isStopped()) {
        samples.interrupted(settings.name());
      }
      throw lost;
    }
  }

  /**
   * Labels first: storing one again changes nothing, so that a failure after them costs nothing
   * when the same messages come again.
   */
  private void store(List<Incoming> messages) {
    Harvest harvest = mapper.map(messages);
    for (LabelReport label : harvest.labels()) {
      labels.accept(label);
    }
    if (!harvest.samples().isEmpty()) {
      samples.accept(settings.name(), harvest.samples());
    }
    for (Harvest.Unmapped unmapped : harvest.unmapped()) {
      labels.unmapped(settings.name(), unmapped.label(), unmapped.serial());
    }
  }

  private void report(StatusLine.State state, String detail) {
    StatusLine next = line(state, detail);
    if (!next.equals(status)) {
      LOG.info("{}: {}, {}", next.subject(), state, detail);
      status = next;
    }
  }

  private StatusLine line(StatusLine.State state, String detail) {
    return new StatusLine(subject(), state, detail);
  }

  private String subject() {
    return "signal-mqtt " + settings.name();
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<SignalDescriptor> signals() {
    return Stream.concat(
            settings.signals().stream().map(SignalSetting::descriptor),
            settings.images().stream().map(ImageSetting::descriptor))
        .toList();
  }

  @Override
  public List<LabelDescriptor> labels() {
    return settings.labels().stream().map(LabelSetting::descriptor).toList();
  }

  @Override
  public List<SignalReading> readings() {
    return mapper.readings();
  }

  @Override
  public List<StatusLine> status() {
    StatusLine now = status;
    long refused = mapper.readings().stream().mapToLong(SignalReading::refused).sum();
    StringBuilder detail = new StringBuilder(now.detail());
    if (refused > 0) {
      detail.append("; ").append(refused).append(" messages refused, see fedwerk:signals");
    }
    if (mapper.unasked() > 0) {
      detail
          .append("; ")
          .append(mapper.unasked())
          .append(" messages of topics that are not configured any more; set another client.id");
    }
    return List.of(new StatusLine(now.subject(), now.state(), detail.toString()));
  }
}
