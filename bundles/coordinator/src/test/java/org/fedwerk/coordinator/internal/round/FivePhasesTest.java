// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FivePhasesTest {
  private static final List<String> SITES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");

  static Rules rules(int cohortLeast) {
    return rules(cohortLeast, false);
  }

  static Rules rules(int cohortLeast, boolean chosen) {
    List<Phase> phases =
        List.of("keys", "shares", "masked", "survivors", "unmask").stream()
            .map(
                name ->
                    new Phase(
                        name,
                        "do-" + name,
                        "fold-" + name,
                        name.equals("keys") ? ModelChoice.NEWEST : ModelChoice.CANDIDATE,
                        0,
                        Duration.ofNanos(100),
                        name.equals("unmask") ? Duration.ofNanos(150) : null))
            .toList();
    return new Rules(
        cohortLeast,
        500,
        Map.of("masked-sum", new Protocol("masked-sum", phases, chosen)),
        "masked-sum",
        3);
  }

  @Test
  void oneSiteIsLostInEachOfFiveInventedPhasesAndTheRoundStillCommits() {
    Drive drive = new Drive(rules(9), 2);
    drive.ready(SITES.toArray(String[]::new));
    assertEquals("keys", drive.phase());

    drive.leave("a", true);
    answerAllBut(drive, Set.of("a"));
    assertEquals("shares", drive.phase());

    drive.leave("b", false);
    answerAllBut(drive, Set.of("a", "b"));
    assertEquals("masked", drive.phase());

    answerAllBut(drive, Set.of("a", "b", "c"));
    drive.tick(99);
    assertEquals(List.of("c"), drive.state.round().outstanding(), "99 ns of silence are no stall");
    drive.tick(1);
    drive.workAll();
    assertEquals("survivors", drive.phase());

    drive.tick(100);
    assertTrue(drive.state.round().away().containsAll(Set.of("d", "e", "f")), "all are silent");
    drive.ready("e", "f", "g", "h", "i", "d");
    assertEquals(2, drive.state.round().place().attempt(), "no quorum, so the attempt failed");
    assertFalse(drive.state.round().problem().isEmpty());
  }

  @Test
  void fiveDropOutsOfFiveKindsStillGiveOneResult() {
    Drive drive = new Drive(rules(9), 1);
    drive.ready(SITES.toArray(String[]::new));
    drive.leave("a", true);
    answerAllBut(drive, Set.of("a"));
    drive.leave("b", false);
    answerAllBut(drive, Set.of("a", "b"));
    answerAllBut(drive, Set.of("a", "b", "c"));
    drive.tick(100);
    drive.workAll();

    assertEquals("survivors", drive.phase());
    List<String> here = drive.state.round().outstanding();
    assertEquals(List.of("d", "e", "f", "g", "h", "i"), here, "the stalled site is not waited for");
    here.stream().filter(site -> !site.equals("d")).forEach(drive::reply);
    drive.tick(60);
    drive.work("d");
    drive.tick(60);
    assertEquals("survivors", drive.phase(), "who works is waited for");
    drive.work("d");
    drive.restart();
    drive.tick(99);
    assertEquals("survivors", drive.phase(), "patience begins anew after a restart");
    drive.reply("d");
    drive.workAll();

    assertEquals("unmask", drive.phase());
    for (String site : List.of("e", "f", "g", "h", "i")) {
      drive.reply(site);
    }
    for (int i = 0; i < 3; i++) {
      drive.tick(50);
      drive.work("d");
    }
    drive.workAll();

    assertEquals(Stage.FINISHED, drive.state.round().stage());
    Effect.Commit commit =
        drive.effects.stream()
            .filter(Effect.Commit.class::isInstance)
            .map(Effect.Commit.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(
        List.of(8, 7, 6, 6, 5),
        commit.closed().stream().map(closed -> closed.replies().size()).toList());
    assertEquals("power saving", commit.closed().get(0).missing().get("a"));
    assertEquals("power saving", commit.closed().get(1).missing().get("b"));
    assertEquals("stalled", commit.closed().get(2).missing().get("c"));
    assertEquals("no answer in time", commit.closed().get(4).missing().get("d"));
    drive.checkReplay();
  }

  @Test
  void aStalledSiteThatSpeaksAgainIsBackInTheSamePhase() {
    Drive drive = new Drive(rules(3), 1);
    drive.ready("a", "b", "c");
    drive.reply("a");
    drive.tick(60);
    drive.work("b");
    drive.tick(40);
    assertEquals(Set.of("c"), drive.state.round().away());
    drive.work("c");
    assertEquals(Set.of(), drive.state.round().away());
    assertEquals(List.of("b", "c"), drive.state.round().outstanding());
  }

  @Test
  void sitesThatLeftAFailedAttemptAreAskedAgainAfterAWhile() {
    Drive drive = new Drive(rules(2), 1);
    drive.ready("a", "b");
    drive.leave("a", false);
    drive.reply("b");
    assertEquals(Stage.WAITING, drive.state.round().stage());
    assertEquals(new Place(1, 2, 0), drive.state.round().place());
    drive.tick(99);
    assertEquals(Stage.WAITING, drive.state.round().stage());
    drive.tick(1);
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
    assertEquals(List.of("a", "b"), drive.state.round().outstanding());
  }

  @Test
  void aTaskFailsWhenFoldsComeToNothingThreeTimes() {
    Drive drive = new Drive(rules(2), 1);
    drive.ready("a", "b");
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertEquals(attempt, drive.state.round().place().attempt());
      drive.reply("a");
      drive.reply("b");
      drive.work(true);
    }
    assertEquals(Stage.FAILED, drive.state.round().stage());
    assertEquals("values are not finite", drive.state.round().problem());
  }

  @Test
  void anOldWordOfASiteDoesNotUndoANewerOne() {
    Drive drive = new Drive(rules(2), 1);
    drive.accept(new Event.SiteReady(0, "a", 5, true, 600));
    drive.accept(
        new Event.SiteLeft(0, "a", 4, new Place(1, 1, 0), true, "replayed from another day"));
    assertEquals(Set.of("a"), drive.state.round().ready());
  }

  private static void answerAllBut(Drive drive, Set<String> silent) {
    List<String> asked = drive.state.round().outstanding();
    asked.stream().filter(site -> !silent.contains(site)).forEach(drive::reply);
    drive.workAll();
  }
}
