// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A task that has ended and goes on because sites ask for it. */
class AskedRoundsTest {
  private long sequence = 1000;

  private static Rules rules(int askingLeast) {
    Duration stall = Duration.ofNanos(100);
    Phase only = new Phase("gather", "give", "mix", ModelChoice.NEWEST, 2, stall, null);
    Protocol protocol = new Protocol("mixing", List.of(only));
    return new Rules(2, 500, Map.of("mixing", protocol), "mixing", 3, askingLeast);
  }

  private static Drive ended(int askingLeast) {
    Drive drive = new Drive(rules(askingLeast), 1);
    drive.ready("a", "b");
    round(drive);
    assertEquals(Stage.FINISHED, drive.state.round().stage());
    return drive;
  }

  private static void round(Drive drive) {
    drive.reply("a");
    drive.reply("b");
    drive.workAll();
  }

  private void ask(Drive drive, String site, int round) {
    drive.accept(new Event.RoundsAsked(drive.now, site, ++sequence, round));
  }

  @Test
  void aQuorumOpensTheNextRoundOfTheFirstProtocol() {
    Drive drive = ended(2);
    ask(drive, "a", 1);
    ask(drive, "a", 1);
    assertEquals(Stage.FINISHED, drive.state.round().stage(), "one site twice is one site");
    assertEquals(Set.of("a"), drive.state.round().asking());
    drive.restart();
    ask(drive, "b", 1);
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
    assertEquals(new Place(2, 1, 0), drive.state.round().place());
    assertEquals(Set.of(), drive.state.round().asking());
    round(drive);
    assertEquals(Stage.FINISHED, drive.state.round().stage());
    drive.checkReplay();
  }

  @Test
  void whoIsNotReadyOrKnowsAnOlderRoundAsksInVain() {
    Drive drive = ended(1);
    ask(drive, "c", 1);
    ask(drive, "a", 0);
    assertEquals(Stage.FINISHED, drive.state.round().stage());
    drive.checkReplay();
  }

  @Test
  void aTaskThatEndsForGoodOrGoesOnAnywayHearsNoRequest() {
    Drive forGood = ended(0);
    ask(forGood, "a", 1);
    assertEquals(Stage.FINISHED, forGood.state.round().stage());
    Drive running = new Drive(rules(1), 2);
    running.ready("a", "b");
    ask(running, "a", 1);
    assertEquals(new Place(1, 1, 0), running.state.round().place());
    assertEquals(Set.of(), running.state.round().asking());
  }

  @Test
  void aRoundThatWaitsForSitesIsToldToThoseThatRest() {
    Drive drive = ended(1);
    drive.accept(new Event.SiteReady(drive.now, "b", ++sequence, false, 0));
    drive.effects.clear();
    ask(drive, "a", 1);
    assertEquals(Stage.WAITING, drive.state.round().stage());
    assertEquals(List.of(new Effect.Inform(new Place(2, 1, 0))), drive.effects);
    assertTrue(
        drive.engine.pending(drive.state.round()).contains(new Effect.Inform(new Place(2, 1, 0))));
    drive.checkReplay();
  }
}
