// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.site.internal.SiteSettings;

/**
 * Records the state that today's program leaves behind, for {@link OlderStateTest} of programs to
 * come: in the middle of a round, and after the end with predictions made.
 */
final class StateRecorder {
  static final String ROUNDS =
      "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 3, stall: 30m";
  private static final Duration LIMIT = Duration.ofHours(1);

  private StateRecorder() {}

  /**
   * Writes {@code middle.gz}, {@code end.gz} and {@code facts.txt} into a folder.
   *
   * @param arguments the folder, and lines of the task that are not of every task
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.sites().keySet().forEach(id -> federation.policy(id, SiteSettings::withStatistics));
    federation.start();
    List<String> groups = List.of(arguments).subList(1, arguments.length);
    federation.submit(Bench.task(1, ROUNDS, String.join("\n", groups)));
    order(federation, Orders.Kind.PAUSE, "paused");
    order(federation, Orders.Kind.RESUME, "running");
    run(federation, 2, false);
    save(federation, folder.resolve("middle.gz"));
    run(federation, 4, true);
    for (String site : List.of("a", "b", "c")) {
      federation.predict(site, 0);
      settle(federation);
    }
    federation.delete("b", "TRAIN-0");
    settle(federation);
    save(federation, folder.resolve("end.gz"));
    Files.write(folder.resolve("facts.txt"), KeptState.facts(federation));
  }

  private static void settle(VirtualFederation federation) {
    var unused = federation.run(Duration.ofSeconds(1), () -> false);
  }

  private static void order(VirtualFederation federation, Orders.Kind kind, String state) {
    federation.run(LIMIT, () -> federation.tasks().size() == 1);
    federation.order(new Orders.Order(kind, "ops", ""));
    if (!federation.run(LIMIT, () -> federation.tasks().get(0).run().state().equals(state))) {
      throw new IllegalStateException("the task is not " + state);
    }
  }

  /** Runs until so many rounds are committed and the next one is open, or all sites deployed. */
  private static void run(VirtualFederation federation, int rounds, boolean finished) {
    boolean came =
        federation.run(
            LIMIT,
            () ->
                federation.tasks().stream()
                        .anyMatch(
                            task ->
                                task.rounds().size() >= rounds
                                    && task.run().state().equals(finished ? "finished" : "running"))
                    && (!finished || deployed(federation)));
    if (!came) {
      throw new IllegalStateException("it did not come to round " + rounds);
    }
  }

  private static boolean deployed(VirtualFederation federation) {
    return KeptState.facts(federation).stream()
            .filter(line -> line.startsWith("site "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .distinct()
            .count()
        == 1;
  }

  private static void save(VirtualFederation federation, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeptState.save(federation, out);
    }
  }
}
