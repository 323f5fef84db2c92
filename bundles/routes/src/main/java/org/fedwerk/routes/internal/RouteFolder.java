// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.api.status.StatusLine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the routes that lie in a folder, and follows what happens there: a new file, a changed one,
 * one that is gone. One thread of its own does all of it.
 */
final class RouteFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RouteFolder.class);
  private static final String NAME = ".*\\.camel\\.(yaml|yml|xml)";
  private static final int LARGEST = 1024 * 1024;
  private static final long CLOSE_SECONDS = 30;

  private final Path folder;
  private final RouteFile.Ground ground;
  private final Duration period;
  private final Duration retry;
  private final Map<String, Lying> files = new TreeMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread each = new Thread(task, "fedwerk-routes-folder");
            each.setDaemon(true);
            return each;
          });
  private volatile List<StatusLine> lines = List.of();
  private volatile boolean looked;

  /** When a file was written and how large it is. */
  private record Stamp(long modified, long size) {}

  /** A file as it was last seen. */
  private static final class Lying {
    private @Nullable Stamp seen;
    private @Nullable Stamp taken;
    private @Nullable RouteFile runs;
    private String wrong = "";
    private long triedAt;
  }

  /**
   * A folder that nobody looks at yet.
   *
   * @param period how often it is looked at; a file is taken when it did not change in that time
   * @param retry how often a start that failed is tried again while its file stays as it is
   */
  RouteFolder(Path folder, RouteFile.Ground ground, Duration period, Duration retry) {
    this.folder = folder;
    this.ground = ground;
    this.period = period;
    this.retry = retry;
  }

  /** True for files that hold routes by their name. */
  static boolean holdsRoutes(String name) {
    return name.matches(NAME) && !name.startsWith(".");
  }

  /** Begins to look, now and then on. */
  void start() {
    try {
      var unused =
          thread.scheduleWithFixedDelay(this::look, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("The folder is closed");
    }
  }

  private void look() {
    try {
      Map<String, Stamp> now = listed();
      List.copyOf(files.keySet()).stream()
          .filter(name -> !now.containsKey(name))
          .forEach(this::gone);
      now.forEach(this::lies);
    } catch (IOException unreadable) {
      log.debug("{} cannot be read: {}", folder, unreadable.toString());
    } catch (RuntimeException defect) {
      log.error("Looking at {} failed and is tried again: {}", folder, defect.toString());
      log.debug("The cause in full", defect);
    }
    lines = told();
    looked = true;
  }

  private Map<String, Stamp> listed() throws IOException {
    Map<String, Stamp> now = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return now;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String name = each.getFileName().toString();
        if (holdsRoutes(name)) {
          now.put(name, new Stamp(Files.getLastModifiedTime(each).toMillis(), Files.size(each)));
        }
      }
    }
    return now;
  }

  private void gone(String name) {
    Lying file = files.remove(name);
    if (file != null && file.runs != null) {
      file.runs.close();
      log.info("The routes of {} are stopped, for the file is gone", name);
    }
  }

  private void lies(String name, Stamp stamp) {
    Lying file = files.computeIfAbsent(name, none -> new Lying());
    boolean settled = stamp.equals(file.seen);
    file.seen = stamp;
    boolean isNew = !stamp.equals(file.taken);
    boolean again =
        !isNew
            && file.runs == null
            && !file.wrong.isEmpty()
            && System.nanoTime() - file.triedAt >= retry.toNanos();
    if ((settled && isNew) || again) {
      file.taken = stamp;
      file.triedAt = System.nanoTime();
      take(name, file);
    }
  }

  /** What cannot be read leaves running what ran before; what cannot start does not. */
  private void take(String name, Lying file) {
    RouteFile read = null;
    try {
      read = RouteFile.read(name, text(name), ground);
      RouteFile before = file.runs;
      file.runs = null;
      if (before != null) {
        before.close();
      }
      read.start();
      file.runs = read;
      file.wrong = "";
      log.info("{}: {} route(s) run", name, read.routes());
    } catch (RouteFile.Broken | IOException broken) {
      if (read != null) {
        read.close();
      }
      String why = String.valueOf(broken.getMessage());
      if (!why.equals(file.wrong)) {
        log.error("{}: {}", name, why);
        log.debug("The cause in full", broken);
      }
      file.wrong = why;
    }
  }

  private String text(String name) throws IOException {
    Path file = folder.resolve(name);
    if (Files.size(file) > LARGEST) {
      throw new IOException("it is larger than " + LARGEST + " bytes");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private List<StatusLine> told() {
    List<StatusLine> told = new ArrayList<>();
    files.forEach((name, file) -> told.add(line(name, file)));
    if (told.isEmpty()) {
      told.add(
          new StatusLine(
              "routes",
              StatusLine.State.READY,
              "no file *.camel.yaml or *.camel.xml in " + folder));
    }
    return List.copyOf(told);
  }

  private static StatusLine line(String name, Lying file) {
    String subject = "routes " + name;
    RouteFile runs = file.runs;
    if (!file.wrong.isEmpty()) {
      return runs == null
          ? new StatusLine(
              subject, StatusLine.State.DOWN, file.wrong + "; correct the file, or remove it")
          : new StatusLine(
              subject,
              StatusLine.State.DEGRADED,
              file.wrong + "; correct the file: what it held before runs on");
    }
    if (runs == null) {
      return new StatusLine(subject, StatusLine.State.STARTING, "is taken as soon as it rests");
    }
    long running = runs.running();
    return running == runs.routes()
        ? new StatusLine(subject, StatusLine.State.READY, running + " route(s) run")
        : new StatusLine(
            subject,
            StatusLine.State.DEGRADED,
            running + " of " + runs.routes() + " routes run; see the log");
  }

  /** A line for each file, at least one. */
  List<StatusLine> status() {
    return looked
        ? lines
        : List.of(new StatusLine("routes", StatusLine.State.STARTING, "looks into " + folder));
  }

  /** Stops all routes. */
  @Override
  public void close() {
    thread.execute(
        () -> {
          files.values().stream()
              .map(each -> each.runs)
              .forEach(
                  each -> {
                    if (each != null) {
                      each.close();
                    }
                  });
          files.clear();
        });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Routes of {} are still busy and end when they are through", folder);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
