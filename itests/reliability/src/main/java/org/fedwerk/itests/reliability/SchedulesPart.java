// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.util.List;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.sim.schedule.Mutant;
import org.fedwerk.sim.schedule.Schedule;
import org.fedwerk.sim.schedule.Violation;

/** Random fault schedules by seed, and whether the checker finds bugs that are put in. */
final class SchedulesPart implements Part {
  private static final int SEEDS = 200;

  /** Of the tasks in which late updates count. */
  private static final int SEEDS_OF_OTHERS = 100;

  @Override
  public String name() {
    return "schedules";
  }

  @Override
  public List<String> figures() {
    return List.of("schedules.run", "schedules.violations", "schedules.mutants-caught");
  }

  @Override
  public void measure(Figures figures, Path folder) {
    int run = 0;
    int violations = 0;
    int kills = 0;
    long late = 0;
    for (Schedule.Rounds rounds : Schedule.Rounds.values()) {
      int seeds = rounds == Schedule.Rounds.PLAIN ? SEEDS : SEEDS_OF_OTHERS;
      for (int seed = 1; seed <= seeds; seed++) {
        Schedule schedule = new Schedule(seed, rounds);
        for (Violation violation : schedule.run()) {
          violations++;
          System.out.println(rounds + ", seed " + seed + ": " + violation);
        }
        run++;
        kills += schedule.kills();
        late += schedule.late();
      }
    }
    System.out.println(
        run + " schedules with " + kills + " kills; " + late + " late updates are in models");
    int caught = 0;
    for (Mutant mutant : Mutant.values()) {
      caught += isCaught(mutant) ? 1 : 0;
    }
    figures.print("schedules.run", run, "schedules");
    figures.print("schedules.violations", violations, "violations");
    figures.print("schedules.mutants-caught", caught, "of-" + Mutant.values().length);
  }

  private static boolean isCaught(Mutant mutant) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Violation> found = new Schedule(seed, mutant).run();
      if (!found.isEmpty()) {
        System.out.println("mutant " + mutant.words() + ", seed " + seed + ": " + found.get(0));
        return true;
      }
    }
    System.out.println("mutant " + mutant.words() + " was not caught by " + SEEDS + " seeds");
    return false;
  }
}
