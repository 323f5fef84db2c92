// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.itests.reliability.kill.ProcessKills;
import org.fedwerk.sim.kill.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of part kill over processes: one kill each of coordinator, site and broker. */
@Timeout(300)
class ProcessKillsTest {
  @TempDir Path folder;

  private static ProcessKills.Kill kill(String victim, String journal, int type, Moment moment) {
    return ProcessKills.all().stream()
        .filter(
            kill ->
                kill.victim().equals(victim)
                    || (victim.equals("site") && kill.victim().length() == 1))
        .filter(kill -> kill.point().type().journal().equals(journal))
        .filter(kill -> kill.point().type().type() == type && kill.point().moment() == moment)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aKilledProcessChangesNothing() throws Exception {
    ProcessKills kills = new ProcessKills(folder);
    List<String> mismatches = new ArrayList<>();
    String rounds = "coordinator/<task>/rounds";
    mismatches.addAll(kills.mismatches(kill("hq", rounds, 3, Moment.AFTER_APPEND)));
    mismatches.addAll(kills.mismatches(kill("site", "site/outbox", 1, Moment.AFTER_EFFECT)));
    mismatches.addAll(kills.mismatches(kill("broker", rounds, 3, Moment.BEFORE_APPEND)));
    assertEquals(List.of(), mismatches);
  }

  @Test
  void everyRowIsKilledAtEveryMoment() {
    assertTrue(ProcessKills.all().size() > 100);
  }
}
