// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An actor in a process of its own, which can be killed with SIGKILL. */
final class Child implements Body {
  private static final long ANSWER_SECONDS = 20;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private volatile boolean reached;
  private volatile boolean started;

  Child(List<String> arguments) throws IOException {
    this(ActorMain.class, arguments);
  }

  /** Runs another program that speaks as {@link ActorMain} does. */
  Child(Class<?> program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread reader = new Thread(this::read, "fedwerk-kill-read");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.equals(ActorMain.REACHED)) {
          reached = true;
        } else if (line.equals("started")) {
          started = true;
        } else {
          lines.add(line);
        }
      }
    } catch (IOException killed) {
      // What was not read is not needed: the process is gone.
      return;
    }
  }

  /** True once it waits at its point. */
  boolean isReached() {
    return reached;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Facts; empty while it starts, or once it is at its point. */
  @Override
  public List<String> facts() {
    if (!started || reached || !process.isAlive()) {
      return List.of();
    }
    List<String> facts = new ArrayList<>();
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
      while (System.nanoTime() < end && !reached && process.isAlive()) {
        String line = lines.poll(20, TimeUnit.MILLISECONDS);
        if (line != null && line.equals(ActorMain.END)) {
          return facts;
        }
        if (line != null) {
          facts.add(line);
        }
      }
    } catch (IOException gone) {
      return List.of();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  /** SIGKILL, and waits until the process is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(new IOException("process " + process.pid() + " lives on"));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
