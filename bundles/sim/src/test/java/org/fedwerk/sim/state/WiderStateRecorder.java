// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.coordinator.internal.ModelOrder;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.VirtualFederation;

/**
 * Records what {@link StateRecorder} leaves out, with three tasks at once: one whose versions a
 * person sends out and whose sites keep control variates and personal models, one of two clusters
 * that goes on when parts drift, one with layers that stay at the sites. Each site has a cap on
 * rounds per day.
 */
final class WiderStateRecorder {
  /** Rounds per day that a site may train in. */
  static final int CAP = 100;

  private static final Duration LIMIT = Duration.ofHours(6);
  private static final Duration REPORTED = Duration.ofSeconds(6);
  private static final Duration QUIET = Duration.ofMinutes(2);
  private static final List<String> SITES = List.of("a", "b", "c");
  private static final int WINDOW = 12;
  private static final int PARTS_MOST = 50;
  private static final String ROUNDS =
      "max: 4, least: 4, patience: 5, cohort-least: 3, quorum: 3, stall: 30m";

  private final VirtualFederation federation = new VirtualFederation(slow());
  private long part;

  private WiderStateRecorder() {}

  /** Jobs take their time, so that versions go out while rounds are run. */
  private static VirtualFederation.Setup slow() {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    return new VirtualFederation.Setup(
        plain.sites(),
        plain.engine(),
        plain.aggregator(),
        plain.weather(),
        site -> Duration.ofSeconds(20),
        plain.watch(),
        plain.storage(),
        plain.link(),
        plain.restart());
  }

  private static String task(String name, int seed, String groups) {
    return Bench.task(seed, ROUNDS, groups).replaceFirst("task: press", "task: " + name);
  }

  /**
   * Writes {@code middle.gz}, {@code end.gz} and {@code facts.txt}, and from the round that the
   * sites have asked for {@code asked.gz} and {@code asked.txt}, into a folder.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    new WiderStateRecorder().record(folder);
  }

  private void record(Path folder) throws IOException {
    SITES.forEach(site -> federation.policy(site, owner -> owner.withRounds("", "UTC", CAP)));
    federation.start();
    federation.submit(
        task(
            "press",
            1,
            "local: {scaffold: on, ditto: 0.1}\n"
                + "promotion: {by: person}\n"
                + "rollout: {canary: [a], gate: {predictions: 2}}\n"));
    federation.submit(
        task(
            "weld",
            2,
            "local: {clusters: 2}\n"
                + "drift: {method: ks, significance: 0.01, window: "
                + WINDOW
                + ", rounds: 1}\n"));
    federation.submit(
        task(
            "hinge",
            3,
            "local: {layers: [dense2], fine-tune: {layers: 1, rate: 0.1}}\n"
                + "compression: {values: top-k, share: 0.3, precision: int8, deflate: on}\n"));
    await(() -> federation.tasks().size() == 3 && task("press").rounds().size() >= 1);
    sendOut(1);
    int rounds = task("press").rounds().size();
    await(() -> task("press").rounds().size() > rounds && is("press", "running"));
    if (!is("weld", "running") || !is("hinge", "running")) {
      throw new IllegalStateException("it is not in the middle of rounds: " + federation.tasks());
    }
    save(folder.resolve("middle.gz"));

    awaitEnd();
    window(0);
    quiet();
    save(folder.resolve("end.gz"));
    Files.write(folder.resolve("facts.txt"), KeptState.facts(federation));

    for (int i = 0; i < PARTS_MOST && is("weld", "finished"); i++) {
      window(Bench.SHIFTED);
    }
    await(() -> is("weld", "running"));
    save(folder.resolve("asked.gz"));
    awaitEnd();
    quiet();
    Files.write(folder.resolve("asked.txt"), KeptState.facts(federation));
    federation.close();
  }

  private TaskFacts task(String name) {
    return federation.tasks().stream()
        .filter(task -> task.run().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private boolean is(String task, String state) {
    return task(task).run().state().equals(state);
  }

  private void await(BooleanSupplier until) {
    if (!federation.run(LIMIT, until)) {
      throw new IllegalStateException("it did not come about: " + federation.tasks());
    }
  }

  private void awaitEnd() {
    await(() -> is("press", "finished") && is("weld", "finished") && is("hinge", "finished"));
    quiet();
  }

  private void quiet() {
    var unused = federation.run(QUIET, () -> false);
  }

  private void sendOut(int version) {
    federation.order(new ModelOrder(ModelOrder.Kind.APPROVE, version, "ops", ""));
    federation.order(new ModelOrder(ModelOrder.Kind.PROMOTE, version, "ops", ""));
    BooleanSupplier isOut = () -> task("press").versions().get(version).state() == State.ACTIVE;
    for (int i = 0; i < PARTS_MOST && !isOut.getAsBoolean(); i++) {
      part(0);
      var unused = federation.run(REPORTED, isOut);
    }
    if (!isOut.getAsBoolean()) {
      throw new IllegalStateException("version " + version + " is not everywhere");
    }
  }

  private void window(long from) {
    for (int i = 0; i < WINDOW; i++) {
      part(from);
    }
    var unused = federation.run(REPORTED, () -> false);
  }

  private void part(long from) {
    part++;
    SITES.forEach(site -> federation.predict(site, from + part));
    var unused = federation.run(Duration.ofMillis(10), () -> false);
  }

  private void save(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeptState.save(federation, out);
    }
  }
}
