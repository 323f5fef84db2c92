// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.fedwerk.itests.reliability.transfer.Child;

/** A coordinator and three sites that go on with round after round, each in its own process. */
public final class Soak {
  private static final List<String> SITES = List.of("a", "b", "c");
  private static final Duration START = Duration.ofMinutes(5);
  private static final String COORDINATOR = "coordinator";
  private static final int ROUNDS_MOST = 100_000;

  private final Path folder;
  private final Path task;
  private final Plan plan;

  /**
   * How long and how fast.
   *
   * @param time from the first round to the end
   * @param settling readings count from here on
   * @param readEvery between two readings
   * @param longestGap longest time between two rounds
   * @param djl true for the engine of the product, false for one that learns nothing
   * @param trainMillis rest before each training
   * @param partMillis between two parts of a plant
   * @param options of Java for all processes
   */
  public record Plan(
      Duration time,
      Duration settling,
      Duration readEvery,
      Duration longestGap,
      boolean djl,
      long trainMillis,
      long partMillis,
      List<String> options) {}

  /**
   * What came of it.
   *
   * @param rounds committed
   * @param longestGapSeconds longest time between two of them
   * @param predictions parts that the sites predicted
   * @param growth per process
   */
  public record Result(
      int rounds, double longestGapSeconds, long predictions, List<Gauge.Growth> growth) {}

  /**
   * Nothing runs yet.
   *
   * @param folder to work in
   * @param examples folder of the example tasks
   */
  public Soak(Path folder, Path examples, Plan plan) throws IOException {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
    this.plan = plan;
    this.task = this.folder.resolve("task.yaml");
    Files.writeString(task, yaml(Files.readString(examples.resolve("milling.yaml"))));
  }

  private static String yaml(String example) {
    return example
        .replaceAll("(?m)^(  max:) .*$", "$1 " + ROUNDS_MOST)
        .replaceAll("(?m)^(  least:) .*$", "$1 " + ROUNDS_MOST)
        .replaceAll("(?m)^(  patience:) .*$", "$1 " + ROUNDS_MOST)
        .replaceAll("(?m)^(  cohort-least:) .*$", "$1 3\n  quorum: 3")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 50")
        .replaceAll("(?m)^(  stall:) .*$", "$1 60s");
  }

  /**
   * Runs.
   *
   * @throws IllegalStateException if a process fails or no round comes for too long
   */
  public Result run() throws Exception {
    List<String> command = new ArrayList<>(plan.options());
    command.add(HubMain.class.getName());
    command.add(folder.resolve(COORDINATOR).toString());
    command.add(task.toString());
    command.addAll(SITES);
    Map<String, Child> all = new LinkedHashMap<>();
    try {
      Child hub = Child.java(COORDINATOR, folder, "160m", classPath(), command);
      all.put(COORDINATOR, hub);
      String port = hub.await("broker", START);
      for (String site : SITES) {
        Child child = site(site, hub.await("token", START), port);
        all.put(site, child);
        // One after the other, so that the engine's library is unpacked once.
        child.await("started", START, hub);
      }
      return watch(hub, all);
    } finally {
      all.values().forEach(Child::close);
    }
  }

  private Child site(String id, String token, String port) throws IOException {
    List<String> command = new ArrayList<>(plan.options());
    command.addAll(
        List.of(
            SiteMain.class.getName(),
            folder.resolve(id).toString(),
            id,
            token,
            port,
            plan.djl() ? "djl" : "step",
            Long.toString(plan.trainMillis()),
            Long.toString(plan.partMillis())));
    return Child.java(id, folder, "160m", classPath(), command);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private Result watch(Child hub, Map<String, Child> all) throws Exception {
    Child[] others = all.values().toArray(new Child[0]);
    List<Gauge> gauges =
        all.entrySet().stream()
            .map(each -> new Gauge(each.getKey(), each.getValue().pid()))
            .toList();
    hub.await("round", START, others);
    long begin = System.nanoTime();
    long lastRound = begin;
    long longest = 0;
    int rounds = 1;
    long nextReading = begin;
    while (System.nanoTime() - begin < plan.time().toNanos()) {
      OptionalInt round = hub.poll("round", Duration.ofMillis(100), others);
      long now = System.nanoTime();
      longest = Math.max(longest, now - lastRound);
      if (round.isPresent()) {
        lastRound = now;
        rounds++;
      }
      if (now - nextReading >= 0) {
        for (Gauge gauge : gauges) {
          gauge.read(now - begin);
        }
        nextReading += plan.readEvery().toNanos();
      }
      if (longest > plan.longestGap().toNanos()) {
        throw new IllegalStateException("no round for longer than " + plan.longestGap());
      }
    }
    write(all.keySet(), gauges);
    long predictions = 0;
    for (Map.Entry<String, Child> each : all.entrySet()) {
      if (!each.getKey().equals(COORDINATOR)) {
        each.getValue().tell("");
        predictions += Long.parseLong(each.getValue().await("predicted", START));
      }
    }
    long from = plan.settling().toNanos();
    return new Result(
        rounds, longest / 1e9, predictions, gauges.stream().map(g -> g.growth(from)).toList());
  }

  /** All readings, for whoever wants to look at their course. */
  private void write(Iterable<String> names, List<Gauge> gauges) throws IOException {
    StringBuilder rows = new StringBuilder("process,seconds,rss-mb,threads,handles\n");
    int index = 0;
    for (String name : names) {
      for (Gauge.Reading read : gauges.get(index++).readings()) {
        rows.append(name).append(',').append(read.nanos() / 1_000_000_000).append(',');
        rows.append(read.megabytes()).append(',').append(read.threads()).append(',');
        rows.append(read.handles()).append('\n');
      }
    }
    Files.writeString(folder.resolve("readings.csv"), rows);
  }
}
