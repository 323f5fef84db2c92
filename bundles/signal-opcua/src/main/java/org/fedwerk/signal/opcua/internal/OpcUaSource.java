// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SignalBrowser;
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
 * The signals of one OPC UA server. One thread of its own does everything in turn: connect,
 * subscribe, receive, store, acknowledge, and wait before it begins again. Blocking in the sink
 * therefore stops nothing but this source; Milo's threads keep the session alive.
 */
@Component(
    service = {
      SignalSource.class,
      SignalBrowser.class,
      CertificateTrust.class,
      StatusSource.class,
      MetricSource.class
    },
    immediate = true,
    configurationPid = SettingsReader.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OpcUaConfig.class, factory = true)
public final class OpcUaSource
    implements SignalSource,
        SignalBrowser,
        CertificateTrust,
        StatusSource,
        MetricSource,
        AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpcUaSource.class);
  private static final Duration END_WITHIN = Duration.ofSeconds(10);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  /** So often in a row a subscription may be taken up and send nothing. */
  private static final int MOST_MUTE = 2;

  private final OpcUaSettings settings;
  private final SampleSink sink;
  private final Duration signOfLife;
  private final CertificateFolders folders;
  private final SubscriptionMemo memo;
  private final String settingsDigest;
  private final SampleMapper mapper;
  private final Backoff backoff;
  private final SourceStatus status;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean isStopped;
  private volatile @Nullable ServerConnection connected;
  private volatile @Nullable ItemSubscription subscribed;

  private @Nullable ResumePoint point;
  private long lostAt;
  private long failedAt;
  private int mute;

  /** A source by configuration. */
  @Activate
  public OpcUaSource(
      @Reference SampleSink sink,
      @Reference ImageInspection inspection,
      OpcUaConfig config,
      Map<String, Object> properties)
      throws RefusedException {
    this(SettingsReader.read(config, properties), sink, inspection);
  }

  /** A source that does nothing until it is started. */
  OpcUaSource(OpcUaSettings settings, SampleSink sink, ImageInspection inspection) {
    this(settings, sink, inspection, SIGN_OF_LIFE);
  }

  /** So, with a server that says something at least so often. */
  OpcUaSource(
      OpcUaSettings settings, SampleSink sink, ImageInspection inspection, Duration signOfLife) {
    this.settings = settings;
    this.sink = sink;
    this.signOfLife = signOfLife;
    this.folders = new CertificateFolders(settings.folder());
    this.memo = new SubscriptionMemo(settings.folder());
    this.settingsDigest = settings.subscribed();
    this.mapper =
        new SampleMapper(
            settings,
            new ImageLimits(inspection, settings.imageBytes(), settings.imagePixels()),
            System::nanoTime,
            Clock.systemUTC());
    this.backoff =
        new Backoff(settings.backoffLeast(), settings.backoffMost(), ThreadLocalRandom.current());
    this.status = new SourceStatus(settings.name());
    this.thread = new Thread(this::run, "fedwerk-opcua-" + settings.name());
    this.thread.setDaemon(true);
  }

  /** Begins to connect; returns at once. */
  @Activate
  void start() {
    thread.start();
  }

  /** Ends the session and waits for the thread, at most ten seconds. */
  @Deactivate
  @Override
  public void close() {
    isStopped = true;
    thread.interrupt();
    try {
      thread.join(END_WITHIN.toMillis());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    ExecutorService io = IoThreads.of(settings.name());
    try {
      folders.make();
      point = memo.read().orElse(null);
      lostAt = System.nanoTime();
      while (!isStopped) {
        pause(attempt(io));
      }
    } catch (InterruptedException stopped) {
      LOG.debug("{} ends", status.subject());
    } catch (ConnectionProblem unusable) {
      status.report(unusable.state(), unusable.what());
    } catch (RuntimeException unexpected) {
      status.report(
          StatusLine.State.DOWN,
          "it stopped at an unexpected error; see the log, then restart the bundle");
      LOG.error("{} stopped", status.subject(), unexpected);
    }
  }

  /** One connection from its beginning to its end. @return how long to wait before the next */
  private Duration attempt(ExecutorService io) throws InterruptedException {
    ServerConnection connection = null;
    ItemSubscription subscription = null;
    boolean isOrderly = false;
    try {
      ApplicationCertificate certificate =
          settings.isSecure()
              ? ApplicationCertificate.of(settings.folder().resolve("own"), settings.name())
              : null;
      connection = ServerConnection.open(settings, certificate, folders, io);
      connected = connection;
      MonitoredSignals signals = new MonitoredSignals(settings);
      subscription = subscribe(connection, signals);
      subscribed = subscription;
      backoff.reset();
      while (true) {
        deliver(subscription);
        retryMissing(connection, subscription, signals);
      }
    } catch (ConnectionProblem problem) {
      if (subscription != null) {
        lostAt = System.nanoTime();
        mute = subscription.isMute() ? mute + 1 : 0;
        point = subscription.point().orElse(null);
        if (point == null) {
          memo.forget();
          sink.interrupted(settings.name());
        }
      }
      status.report(problem.state(), problem.what());
      return backoff.next(problem.isSlow());
    } catch (InterruptedException stopped) {
      isOrderly = true;
      throw stopped;
    } finally {
      connected = null;
      subscribed = null;
      if (connection != null) {
        leave(connection, subscription, isOrderly);
      }
    }
  }

  private void leave(
      ServerConnection connection, @Nullable ItemSubscription subscription, boolean isOrderly) {
    if (isOrderly) {
      memo.forget();
      connection.close();
    } else if (subscription != null || point != null) {
      connection.drop();
    } else {
      connection.close();
    }
  }

  private ItemSubscription subscribe(ServerConnection connection, MonitoredSignals signals)
      throws ConnectionProblem, InterruptedException {
    ResumePoint left = point;
    if (left != null) {
      Optional<ItemSubscription> resumed =
          ItemSubscription.resume(connection, settings, settingsDigest, signOfLife, left);
      if (resumed.isPresent() && mute < MOST_MUTE) {
        point = null;
        status.report(
            StatusLine.State.READY,
            signals.delivering(resumed.get().revision()) + ", taken up again");
        return resumed.get();
      }
      if (resumed.isPresent()) {
        LOG.warn(
            "{}: the server keeps the subscription and sends nothing of it; a new one is made, and"
                + " what waited in it is lost",
            status.subject());
        resumed.get().delete();
      }
      mute = 0;
      point = null;
      memo.forget();
      sink.interrupted(settings.name());
    }
    ItemSubscription made =
        ItemSubscription.create(connection, settings, settingsDigest, signOfLife);
    signals.createAll(connection, made);
    failedAt = System.nanoTime();
    reportSignals(made, signals);
    if (signals.isComplete()) {
      made.point().ifPresent(memo::write);
    }
    return made;
  }

  private void retryMissing(
      ServerConnection connection, ItemSubscription subscription, MonitoredSignals signals)
      throws ConnectionProblem, InterruptedException {
    if (signals.isComplete() || System.nanoTime() - failedAt < settings.backoffMost().toNanos()) {
      return;
    }
    failedAt = System.nanoTime();
    signals.createMissing(
        connection, subscription, connection.await(connection.client().readNamespaceTableAsync()));
    reportSignals(subscription, signals);
  }

  private void deliver(ItemSubscription subscription)
      throws ConnectionProblem, InterruptedException {
    Optional<Delivery> delivery = subscription.next();
    if (delivery.isEmpty()) {
      return;
    }
    if (delivery.get().isAfterGap()) {
      LOG.warn(
          "{}: the server could not repeat all messages; values are missing", status.subject());
      sink.interrupted(settings.name());
    }
    List<Sample> samples = mapper.map(delivery.get().notifications());
    if (!samples.isEmpty()) {
      store(samples);
    }
    subscription.stored();
    if (memo.isWritten()) {
      memo.stored(delivery.get().sequence());
    }
  }

  /** Hands samples over until they are stored: what is not stored must not be acknowledged. */
  private void store(List<Sample> samples) throws InterruptedException {
    StatusLine before = status.line();
    while (true) {
      try {
        sink.accept(settings.name(), samples);
        if (status.line() != before) {
          status.report(before.state(), before.detail());
          backoff.reset();
        }
        return;
      } catch (UncheckedIOException full) {
        status.report(
            StatusLine.State.DOWN,
            "samples cannot be stored ("
                + full.getMessage()
                + "); the server keeps them as long as its queues last; free the store");
        pause(backoff.next(false));
      }
    }
  }

  private void pause(Duration wait) throws InterruptedException {
    if (point != null && System.nanoTime() - lostAt > settings.lifetime().toNanos()) {
      point = null;
      memo.forget();
      sink.interrupted(settings.name());
    }
    if (wake.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      wake.drainPermits();
    }
  }

  private void reportSignals(ItemSubscription subscription, MonitoredSignals signals) {
    if (signals.isComplete()) {
      status.report(StatusLine.State.READY, signals.delivering(subscription.revision()));
    } else {
      status.report(
          StatusLine.State.DEGRADED, signals.trouble() + "; correct the node ids or the server");
    }
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<SignalDescriptor> signals() {
    return settings.signals().stream().map(SignalSetting::descriptor).toList();
  }

  @Override
  public List<LabelDescriptor> labels() {
    return List.of();
  }

  @Override
  public List<SignalReading> readings() {
    return mapper.readings();
  }

  @Override
  public List<Entry> browse(String nodeId) throws RefusedException {
    ServerConnection connection = connected;
    if (connection == null) {
      throw new RefusedException(
          status.subject(), "there is no connection: " + status.line().detail());
    }
    try {
      return new AddressSpaceView(connection).children(nodeId);
    } catch (ConnectionProblem problem) {
      throw new RefusedException(status.subject(), problem.what());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new RefusedException(status.subject(), "browsing was interrupted");
    }
  }

  @Override
  public String owner() {
    return status.subject();
  }

  @Override
  public List<Pending> pending() {
    return folders.pending();
  }

  @Override
  public void trust(String thumbprint) throws RefusedException {
    folders.trust(thumbprint);
    LOG.info("{}: certificate {} is trusted now", status.subject(), thumbprint);
    wake.release();
  }

  @Override
  public List<Measurement> measurements() {
    ItemSubscription now = subscribed;
    long held = now == null ? 0 : now.held();
    return new QueueLevel("opcua:" + settings.name(), held, ItemSubscription.mostHeld(settings))
        .things();
  }

  @Override
  public List<StatusLine> status() {
    return List.of(status.line(mapper.refused()));
  }
}
