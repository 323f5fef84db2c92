// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.fedwerk.api.RefusedException;
import org.fedwerk.sim.kill.Matrix;
import org.fedwerk.sim.kill.Moment;
import org.fedwerk.sim.kill.Outcome;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.Row;
import org.fedwerk.sim.kill.Scenario;

/** SIGKILL at the first record of each row of the matrix, before, after, and after its effect. */
public final class ProcessKills {
  private final Path folder;
  private final Ground ground;
  private final AtomicInteger runs = new AtomicInteger();

  /** Runs in which a person orders something, or parts come, which no process here has. */
  private static final Set<Scenario> ORDERED =
      Set.of(Scenario.ORDERS, Scenario.DELETE, Scenario.PROMOTE, Scenario.DRIFT);

  private final Map<Scenario, Outcome> undisturbed = new ConcurrentHashMap<>();

  /**
   * One kill.
   *
   * @param scenario the run it comes in
   * @param point where
   * @param victim who is killed: the point's actor, or the broker
   * @param noise true if no two trainings are equal
   */
  public record Kill(Scenario scenario, Point point, String victim, boolean noise) {}

  /** Makes identities below a folder. */
  public ProcessKills(Path folder) throws IOException, RefusedException {
    this.folder = folder;
    ground = Ground.create(folder.resolve("identities"));
  }

  /**
   * All kills: coordinator and sites at every row of a run that processes can play, the broker at
   * every row of a plain run.
   */
  public static List<Kill> all() {
    List<Kill> kills = new ArrayList<>();
    for (Row row : Matrix.ROWS) {
      if (ORDERED.contains(row.scenario())) {
        continue;
      }
      for (Moment moment : Moment.values()) {
        int next = kills.size();
        String actor =
            row.isCoordinators()
                ? Ground.COORDINATOR
                : Ground.SITES.get(next % Ground.SITES.size());
        Point point = new Point(actor, row.type(), 1, moment);
        // Noise at every other point; both kinds meet every row.
        boolean noise = moment.ordinal() % 2 == Matrix.ROWS.indexOf(row) % 2;
        kills.add(new Kill(row.scenario(), point, actor, noise));
        if (row.scenario() == Scenario.PLAIN && row.isCoordinators()) {
          kills.add(new Kill(row.scenario(), point, Ground.BROKER, noise));
        }
      }
    }
    return kills;
  }

  /**
   * Kills once.
   *
   * @return what differs from the run without a kill, each with the point; empty if nothing does
   */
  public List<String> mismatches(Kill kill)
      throws IOException, RefusedException, InterruptedException {
    Outcome outcome = run(kill.scenario(), kill.point(), kill.victim(), kill.noise());
    Outcome expected = kill.noise() ? outcome : undisturbed(kill.scenario());
    return outcome.mismatches(expected, !kill.noise()).stream()
        .map(
            each ->
                kill.scenario() + ", kill of " + kill.victim() + ", " + kill.point() + ": " + each)
        .collect(Collectors.toList());
  }

  private synchronized Outcome undisturbed(Scenario scenario)
      throws IOException, RefusedException, InterruptedException {
    Outcome known = undisturbed.get(scenario);
    if (known == null) {
      known = run(scenario, null, "", false);
      if (!known.violations().isEmpty()) {
        throw new IllegalStateException(
            "scenario " + scenario + " without a kill: " + known.violations());
      }
      undisturbed.put(scenario, known);
    }
    return known;
  }

  private Outcome run(
      Scenario scenario,
      @org.jspecify.annotations.Nullable Point point,
      String victim,
      boolean noise)
      throws IOException, RefusedException, InterruptedException {
    Ground own = ground.fresh(folder.resolve("run-" + runs.incrementAndGet()));
    Outcome outcome;
    try (KilledRun run = new KilledRun(own, scenario, point, victim, noise)) {
      outcome = run.run();
    }
    own.delete();
    return outcome;
  }
}
