// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.net;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.itests.reliability.transfer.Child;
import org.fedwerk.itests.reliability.transfer.TransferTask;

/**
 * A round of one site, coordinator and site each in a process and a network namespace of its own,
 * over the kernel's own TCP.
 */
public final class Disturbed {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int LAYERS = 2;
  private static final int HIDDEN = 600;
  private static final int RANGE = 2000;

  private final Path folder;
  private final Path task;

  /** What is done to the network when half of the update is through. */
  public interface Disturbance {
    /** Returns when the network is as it stays for the rest of the round. */
    void strike(Namespaces network) throws IOException, InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param round seconds from the submission to the end of the fold
   * @param chunk seconds from the end of the disturbance to the next chunk
   * @param sentTwice chunks that came to the coordinator more than once
   */
  public record Outcome(double round, double chunk, long sentTwice) {}

  /**
   * Nothing runs yet.
   *
   * @param folder to work in
   * @param examples folder of the example tasks
   */
  public Disturbed(Path folder, Path examples) throws IOException {
    this.folder = Files.createDirectories(folder).toAbsolutePath();
    this.task = this.folder.resolve("task.yaml");
    String example = Files.readString(examples.resolve("milling.yaml"));
    Files.writeString(task, TransferTask.yaml(example, LAYERS, HIDDEN));
  }

  /**
   * Pulls the cable for a while.
   *
   * @param length at most a few minutes, for then the round goes on without the site
   */
  public static Disturbance down(Duration length) {
    return network -> {
      network.down();
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
      network.up();
    };
  }

  /**
   * Runs a round.
   *
   * @param percent of packets that are lost from the beginning, each way
   * @throws IllegalStateException if the round does not end with one model at both ends
   */
  public Outcome run(int percent, Disturbance disturbance) throws Exception {
    long parameters = TransferTask.parameters(LAYERS, HIDDEN);
    long chunks = (parameters + RANGE - 1) / RANGE;
    try (Namespaces network = new Namespaces();
        Child hub =
            java(
                "hub",
                network.inHub(),
                NetHubMain.class,
                task.toString(),
                Integer.toString(RANGE),
                Long.toString(chunks))) {
      String port = hub.await("broker", LIMIT);
      if (percent > 0) {
        network.lose(percent);
      }
      try (Child site =
          java("site", network.inSite(), NetSiteMain.class, hub.await("token", LIMIT), port)) {
        hub.await("half", LIMIT);
        disturbance.strike(network);
        hub.tell("over");
        double chunk = Double.parseDouble(hub.await("chunk", LIMIT));
        double round = Double.parseDouble(hub.await("round", LIMIT));
        String digest = hub.await("digest", LIMIT);
        site.tell(digest);
        String deployed = site.await("deployed", LIMIT);
        if (!deployed.equals(digest)) {
          throw new IllegalStateException(
              "the site deployed " + deployed + ", the coordinator's is " + digest);
        }
        return new Outcome(round, chunk, Long.parseLong(hub.await("twice", LIMIT)));
      }
    }
  }

  private Child java(String name, List<String> within, Class<?> main, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            Stream.concat(
                    within.stream(),
                    Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.log.org.apache.activemq.audit=warn",
                        "-cp",
                        classPath(),
                        main.getName(),
                        folder.resolve(name).toString()))
                .toList());
    command.addAll(List.of(args));
    return Child.start(name, folder, command);
  }

  /** Surefire runs tests by a jar that only names the class path; it tells the path itself. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
  }
}
