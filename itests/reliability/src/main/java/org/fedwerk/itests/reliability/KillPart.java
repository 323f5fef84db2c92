// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.kill.ProcessKills;
import org.fedwerk.sim.kill.Moment;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.sim.kill.VirtualKills;

/** Kills every actor at every point, on virtual time and by SIGKILL. */
final class KillPart implements Part {
  private static final int AT_ONCE = 2;

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public List<String> figures() {
    return List.of(
        "kill.points", "kill.simulated-points", "kill.mismatches", "kill.control-mismatches");
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    VirtualKills simulated = new VirtualKills();
    List<String> mismatches = new ArrayList<>();
    int simulatedPoints = 0;
    for (Scenario scenario : Scenario.values()) {
      for (boolean noise : new boolean[] {false, true}) {
        for (Point point : simulated.points(scenario, noise)) {
          simulatedPoints++;
          mismatches.addAll(simulated.mismatches(scenario, point, noise));
        }
      }
    }
    figures.print("kill.simulated-points", simulatedPoints, "kills");
    int control = 0;
    for (Point point : simulated.points(Scenario.PLAIN)) {
      if (point.nth() == 1 && point.moment() == Moment.AFTER_EFFECT) {
        control += simulated.control(point).isEmpty() ? 0 : 1;
      }
    }
    figures.print("kill.control-mismatches", control, "kills");

    List<ProcessKills.Kill> kills = ProcessKills.all();
    mismatches.addAll(sigkills(new ProcessKills(folder), kills));
    figures.print("kill.points", kills.size(), "kills");
    mismatches.forEach(System.out::println);
    figures.print("kill.mismatches", mismatches.size(), "kills");
  }

  private static List<String> sigkills(ProcessKills process, List<ProcessKills.Kill> kills)
      throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Callable<List<String>>> work = new ArrayList<>();
      for (ProcessKills.Kill kill : kills) {
        work.add(
            () -> {
              List<String> found = process.mismatches(kill);
              System.out.println(
                  kill.scenario() + ", " + kill.victim() + ", " + kill.point() + ": " + found);
              return found;
            });
      }
      List<String> mismatches = new ArrayList<>();
      for (Future<List<String>> done : lanes.invokeAll(work)) {
        mismatches.addAll(done.get());
      }
      return mismatches;
    } finally {
      lanes.shutdownNow();
    }
  }
}
