// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.LabelDescriptor;
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
 * The images of one folder. One thread of its own does everything in turn: look, read, store, put
 * away, wait. Storing may block, which holds back this source alone; files wait in the folder.
 */
@Component(
    service = {SignalSource.class, StatusSource.class, MetricSource.class},
    immediate = true,
    configurationPid = SettingsReader.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FolderConfig.class, factory = true)
public final class FolderSource implements SignalSource, StatusSource, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderSource.class);
  private static final Duration END_WITHIN = Duration.ofSeconds(10);

  private final FolderSettings settings;
  private final SampleSink samples;
  private final ImageInspection inspection;
  private final Tally tally;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile StatusLine status;

  /** Of the thread alone. */
  private @Nullable FolderLook look;

  /** A source by configuration. */
  @Activate
  public FolderSource(
      @Reference SampleSink samples,
      @Reference ImageInspection inspection,
      Map<String, Object> configuration)
      throws RefusedException {
    this(SettingsReader.read(configuration), samples, inspection);
  }

  /** A source that does nothing until it is started. */
  public FolderSource(FolderSettings settings, SampleSink samples, ImageInspection inspection) {
    this.settings = settings;
    this.samples = samples;
    this.inspection = inspection;
    this.tally = new Tally(settings, System::nanoTime);
    this.status = line(StatusLine.State.STARTING, "has not looked yet");
    this.thread = new Thread(this::run, "fedwerk-folder-" + settings.name());
    this.thread.setDaemon(true);
  }

  /** Begins to look; returns at once. */
  @Activate
  public void start() {
    thread.start();
  }

  /**
   * Ends after the file under way and waits for the thread, at most ten seconds. It is not
   * interrupted: it may be storing.
   */
  @Deactivate
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(END_WITHIN.toMillis());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        status = lookOnce();
      } while (!stop.await(settings.every().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException foreign) {
      LOG.warn("{} was interrupted from outside and ends", subject());
      status = line(StatusLine.State.DOWN, "it was interrupted; restart the bundle");
    }
  }

  private StatusLine lookOnce() {
    try {
      if (!Files.isDirectory(settings.folder())) {
        return troubled("there is no folder " + settings.folder() + "; make it or correct folder");
      }
      FolderLook looking = look;
      if (looking == null) {
        looking =
            new FolderLook(
                settings, samples, inspection, tally, Clock.systemUTC(), System::nanoTime);
        look = looking;
      }
      int waiting = looking.look(() -> stop.getCount() > 0);
      return well(waiting == 0 ? "" : "; " + waiting + " files are not whole yet");
    } catch (UncheckedIOException full) {
      return troubled(
          "an image cannot be stored (" + full.getMessage() + "); it stays in the folder");
    } catch (IOException denied) {
      return troubled(
          "reading or putting away files in "
              + settings.folder()
              + " fails ("
              + denied
              + "); the process needs the right to read, write and delete there");
    } catch (RuntimeException unexpected) {
      LOG.error("{} met an unexpected error and looks again", subject(), unexpected);
      return troubled("an unexpected error (" + unexpected + "); see the log");
    }
  }

  private StatusLine well(String more) {
    if (status.state() == StatusLine.State.DOWN) {
      LOG.info("{}: works again", subject());
    }
    return line(StatusLine.State.READY, "looks into " + settings.folder() + more);
  }

  private StatusLine troubled(String detail) {
    StatusLine next = line(StatusLine.State.DOWN, detail);
    if (!next.equals(status)) {
      LOG.warn("{}: {}", subject(), detail);
    }
    return next;
  }

  private StatusLine line(StatusLine.State state, String detail) {
    return new StatusLine(subject(), state, detail);
  }

  private String subject() {
    return "signal-folder " + settings.name();
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<SignalDescriptor> signals() {
    String where = settings.folder().toString();
    return List.of(
        SignalDescriptor.ofImages(settings.signal(), where),
        new SignalDescriptor(settings.serial(), "", where + " file name", true));
  }

  @Override
  public List<LabelDescriptor> labels() {
    return List.of();
  }

  @Override
  public List<SignalReading> readings() {
    return tally.readings();
  }

  @Override
  public List<Measurement> measurements() {
    return new QueueLevel("folder:" + settings.name(), tally.waiting(), settings.maxFiles())
        .things();
  }

  @Override
  public List<StatusLine> status() {
    StatusLine now = status;
    String counts = "; " + tally.taken() + " images stored, " + tally.refused() + " files refused";
    return List.of(new StatusLine(now.subject(), now.state(), now.detail() + counts));
  }
}
