// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of the run: told by lines on its standard input, tells by lines on its standard output;
 * its log goes to a file. A line {@code failed ...} spoils the run. Ends with this.
 */
public final class Child implements AutoCloseable {
  private static final long END_SECONDS = 20;
  private static final String FAILED = "failed ";

  private final String name;
  private final Process process;
  private final PrintStream in;
  private final Path log;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private volatile @Nullable String failure;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "fedwerk-child-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** A Java process with so much heap. */
  public static Child java(
      String name, Path folder, String heap, String classPath, List<String> command)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("-Xmx" + heap);
    all.add("-XX:+UseSerialGC");
    all.add("-XX:+ExitOnOutOfMemoryError");
    all.add("-Dorg.slf4j.simpleLogger.log.org.apache.activemq.audit=warn");
    all.add("-cp");
    all.add(classPath);
    all.addAll(command);
    return start(name, folder, all);
  }

  /** Any process. */
  public static Child start(String name, Path folder, List<String> command) throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolve(name + ".log");
    File file = log.toFile();
    Process process = new ProcessBuilder(command).redirectError(file).start();
    return new Child(name, process, log);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(FAILED) && failure == null) {
          failure = line.substring(FAILED.length());
        }
        lines.add(line);
      }
    } catch (IOException ended) {
      lines.add("unreadable " + ended.getMessage());
    }
  }

  /** Tells it a line. */
  public void tell(String line) {
    in.println(line);
  }

  /** Its number at the operating system. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits for the next line that begins with a word.
   *
   * @param others must go on meanwhile
   * @return what follows the word
   */
  public String await(String word, Duration limit, Child... others) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      @Nullable String line = lines.poll(200, TimeUnit.MILLISECONDS);
      requireSound();
      for (Child other : others) {
        other.requireSound();
      }
      if (line != null && line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
      if (line == null && !process.isAlive() && lines.isEmpty()) {
        throw new IllegalStateException(
            name + " ended (" + process.exitValue() + ") before it said " + word + "; see " + log);
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            name + " did not say " + word + " within " + limit + "; see " + log);
      }
    }
  }

  /**
   * Looks for the next line that begins with a word and names a number.
   *
   * @param limit how long at most
   * @param others must go on meanwhile
   * @return the number; empty if there is no such line yet
   */
  public OptionalInt poll(String word, Duration limit, Child... others)
      throws InterruptedException {
    @Nullable String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    for (Child other : others) {
      other.requireSound();
      if (!other.process.isAlive()) {
        throw new IllegalStateException(other.name + " ended; see " + other.log);
      }
    }
    requireSound();
    return line != null && line.startsWith(word + " ")
        ? OptionalInt.of(Integer.parseInt(line.substring(word.length() + 1)))
        : OptionalInt.empty();
  }

  /**
   * Fails if it said that something failed.
   *
   * @throws IllegalStateException with what it said
   */
  public void requireSound() {
    String said = failure;
    if (said != null) {
      throw new IllegalStateException(name + " failed: " + said + "; see " + log);
    }
  }

  /** Tells it to read its files anew, as services do by SIGHUP. */
  void reload() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).inheritIO().start().waitFor();
  }

  @Override
  public void close() {
    in.close();
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopping) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
