// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.itests.reliability.transfer.Child;

/**
 * Rounds of many sites over mutual TLS and the embedded broker: a coordinator's process, and at
 * most two that play the sites.
 */
public final class Scale {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final Duration START = Duration.ofMinutes(10);
  private static final int DRIVERS = 2;
  private static final String DRIVER_HEAP = "512m";

  /** Keys that live as long as the run need no slow way from their password. */
  private static final List<String> FAST_STORES =
      List.of(
          "-Dkeystore.pkcs12.macIterationCount=1",
          "-Dkeystore.pkcs12.certPbeIterationCount=1",
          "-Dkeystore.pkcs12.keyPbeIterationCount=1");

  private final Path folder;
  private final String example;
  private final List<String> options;

  /**
   * What a run measured.
   *
   * @param secondsPerRound from the announcement of the first round to the commit of the last, by
   *     their number
   * @param connectedMegabytes most memory of the coordinator's process before the task was
   *     submitted
   * @param peakMegabytes most memory of the coordinator's process
   * @param wrong elements and rounds in which the committed models are not the exact mean
   * @param missing answers that were missing in the rounds
   * @param blobBytes bytes that the coordinator keeps in the end
   */
  public record Result(
      double secondsPerRound,
      long connectedMegabytes,
      long peakMegabytes,
      int wrong,
      int missing,
      long blobBytes) {}

  /**
   * Nothing runs yet.
   *
   * @param folder to work in
   * @param examples folder of the example tasks
   * @param options of Java for all processes
   */
  public Scale(Path folder, Path examples, List<String> options) throws IOException {
    this.options = List.copyOf(options);
    this.folder = Files.createDirectories(folder.toAbsolutePath());
    this.example = Files.readString(examples.resolve("milling.yaml"));
  }

  /**
   * Runs.
   *
   * @param heap most heap of the coordinator's process
   */
  public Result run(int sites, int rounds, String heap) throws Exception {
    Path own = Files.createDirectories(folder.resolve("sites-" + sites));
    Path task = own.resolve("task.yaml");
    Files.writeString(task, ScaleTask.yaml(example, sites, rounds));
    List<String> command = new ArrayList<>(options);
    command.addAll(
        List.of(
            HubMain.class.getName(),
            own.resolve("hub").toString(),
            task.toString(),
            Integer.toString(sites)));
    try (Child hub = Child.java("hub", own, heap, classPath(), command);
        Drivers drivers = drivers(own, hub, sites)) {
      drivers.awaitConnected();
      hub.tell("submit");
      return result(hub, drivers);
    }
  }

  private Drivers drivers(Path own, Child hub, int sites) throws IOException, InterruptedException {
    String port = hub.await("broker", START);
    List<Child> drivers = new ArrayList<>();
    List<Child> players = new ArrayList<>();
    int first = 0;
    for (int driver = 0; driver < DRIVERS; driver++) {
      int count = (sites - first) / (DRIVERS - driver);
      String name = "driver-" + driver;
      List<String> command = new ArrayList<>(options);
      command.addAll(FAST_STORES);
      command.addAll(
          List.of(
              DriverMain.class.getName(),
              own.resolve(name).toString(),
              port,
              Integer.toString(sites),
              Integer.toString(first),
              Integer.toString(count)));
      Child child = Child.java(name, own, DRIVER_HEAP, classPath(), command);
      drivers.add(child);
      for (int site = 0; site < count; site++) {
        players.add(child);
      }
      first += count;
    }
    for (Child player : players) {
      player.tell(hub.await("token", START));
    }
    return new Drivers(drivers);
  }

  private static Result result(Child hub, Drivers drivers) throws InterruptedException {
    long connected = Long.parseLong(hub.await("connected-peak-mb", START));
    double seconds = Double.parseDouble(hub.await("seconds", LIMIT, drivers.children()));
    drivers.tell(hub.await("committed", START));
    int missing = Integer.parseInt(hub.await("short", START));
    long peak = Long.parseLong(hub.await("peak-mb", START));
    long blobs = Long.parseLong(hub.await("blobs", START));
    int wrong = drivers.differing();
    drivers.all().forEach(Child::requireSound);
    return new Result(seconds, connected, peak, wrong, missing, blobs);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private record Drivers(List<Child> all) implements AutoCloseable {
    void awaitConnected() throws InterruptedException {
      for (Child driver : all) {
        driver.await("connected", START, children());
      }
    }

    void tell(String line) {
      all.forEach(driver -> driver.tell(line));
    }

    int differing() throws InterruptedException {
      return Integer.parseInt(all.get(0).await("differing", START));
    }

    Child[] children() {
      return all.toArray(new Child[0]);
    }

    @Override
    public void close() {
      all.forEach(Child::close);
    }
  }
}
