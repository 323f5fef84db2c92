// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Late replies and phases that wait for nobody in particular, with invented phases. */
class LateRepliesTest {
  private static final List<String> SITES = List.of("a", "b", "c", "d");

  /** Phase gather takes late replies, phase judge does not; with a buffer both close at it. */
  private static Rules rules(int buffer, int most) {
    Duration stall = Duration.ofNanos(100);
    Phase gather =
        new Phase("gather", "give", "mix", ModelChoice.NEWEST, 2, stall, null, buffer, most);
    Phase judge =
        new Phase("judge", "look", "sum", ModelChoice.CANDIDATE, 1, stall, null, buffer, -1);
    Protocol protocol = new Protocol("mixing", List.of(gather, judge));
    return new Rules(2, 500, Map.of("mixing", protocol), "mixing", 3);
  }

  private static Drive begun(Rules rules, int rounds) {
    Drive drive = new Drive(rules, rounds);
    drive.ready("a", "b");
    drive.ready("c");
    return drive;
  }

  /** All but site c answer both phases; c is silent. */
  private static void roundWithout(Drive drive) {
    drive.reply("a");
    drive.reply("b");
    drive.tick(100);
    drive.workAll();
    drive.reply("a");
    drive.reply("b");
    drive.tick(100);
    drive.workAll();
  }

  private static List<String> late(Drive drive) {
    Effect.Fold last =
        drive.effects.stream()
            .filter(Effect.Fold.class::isInstance)
            .map(Effect.Fold.class::cast)
            .filter(fold -> fold.phase().name().equals("gather"))
            .reduce((first, second) -> second)
            .orElseThrow();
    return last.late().stream().map(each -> each.reply().site() + "@" + each.place()).toList();
  }

  @Test
  void aReplyThatComesWhenItsPhaseIsOverGoesIntoTheNextFoldOnce() {
    Drive drive = new Drive(rules(0, 2), 5);
    drive.ready("a", "b", "c");
    // Two were enough to begin; the third takes part from the second round on.
    roundWithout(drive);
    assertEquals(2, drive.state.round().place().round());
    assertEquals(List.of("a", "b", "c"), drive.state.round().cohort());
    roundWithout(drive);
    assertEquals(3, drive.state.round().place().round());

    drive.reply(new Place(2, 1, 0), "c", "first");
    drive.reply(new Place(2, 1, 0), "c", "first");
    drive.reply(new Place(2, 1, 0), "c", "second");
    long accepted = drive.effects.stream().filter(Effect.Accept.class::isInstance).count();
    assertTrue(drive.effects.get(drive.effects.size() - 1) instanceof Effect.Refuse);
    roundWithout(drive);
    assertEquals(List.of("c@2/1/0"), late(drive));
    assertTrue(accepted > 0);

    drive.reply(new Place(2, 1, 0), "c", "first");
    assertTrue(
        drive.effects.get(drive.effects.size() - 1) instanceof Effect.Accept,
        "the receipt is told again");
    roundWithout(drive);
    assertEquals(List.of(), late(drive));
    drive.checkReplay();
  }

  @Test
  void aReplyThatIsTooFarBehindIsRefusedWithHowFar() {
    Drive drive = new Drive(rules(0, 1), 9);
    drive.ready("a", "b", "c");
    roundWithout(drive);
    roundWithout(drive);
    drive.reply("a");
    drive.reply("b");
    drive.tick(100);
    // Round 3 is folded, so the next fold is that of round 4.
    drive.reply(new Place(2, 1, 0), "c", "first");
    Effect last = drive.effects.get(drive.effects.size() - 1);
    assertEquals("over: 2 versions behind, the task takes 1", ((Effect.Refuse) last).reason());
  }

  @Test
  void aReplyOfAnAttemptThatFailedIsOver() {
    Drive drive = new Drive(rules(0, 3), 9);
    drive.ready("a", "b", "c");
    roundWithout(drive);
    drive.reply("a");
    drive.reply("b");
    drive.tick(100);
    drive.work(true);
    assertEquals(new Place(2, 2, 0), drive.state.round().place());
    drive.reply(new Place(2, 1, 0), "c", "first");
    assertEquals("over", ((Effect.Refuse) drive.effects.get(drive.effects.size() - 1)).reason());
  }

  @Test
  void whatAFailedAttemptHadTakenGoesIntoTheNextOne() {
    Drive drive = new Drive(rules(0, 3), 9);
    drive.ready("a", "b", "c");
    roundWithout(drive);
    roundWithout(drive);
    drive.reply(new Place(2, 1, 0), "c", "first");
    drive.reply("a");
    drive.reply("b");
    drive.tick(100);
    drive.work(true);
    assertEquals(new Place(3, 2, 0), drive.state.round().place());
    roundWithout(drive);
    assertEquals(List.of("c@2/1/0"), late(drive));
    assertEquals(4, drive.state.round().place().round());
    drive.checkReplay();
  }

  @Test
  void aBufferedPhaseClosesWithSoManyAndFailsForNobodysSilence() {
    Drive drive = begun(rules(2, 5), 9);
    assertEquals(List.of("a", "b", "c"), drive.state.round().cohort(), "c joined the open phase");
    drive.tick(1000);
    assertEquals(Stage.COLLECTING, drive.state.round().stage(), "all are silent");
    assertEquals(1, drive.state.round().place().attempt());
    drive.reply("b");
    drive.reply("c");
    assertEquals(Stage.FOLDING, drive.state.round().stage());
    drive.workAll();
    drive.reply("b");
    drive.reply("c");
    drive.workAll();
    assertEquals(2, drive.state.round().place().round());

    drive.reply(new Place(1, 1, 0), "a", "first");
    assertEquals(Stage.COLLECTING, drive.state.round().stage(), "one of two");
    drive.reply("c");
    assertEquals(Stage.FOLDING, drive.state.round().stage(), "a late one counts for the buffer");
    assertEquals(List.of("a@1/1/0"), late(drive));
    drive.checkReplay();
  }

  @Test
  void aBufferedPhaseFailsWhenTooManyHaveLeft() {
    Drive drive = begun(rules(2, 5), 9);
    drive.leave("a", false);
    assertEquals(1, drive.state.round().place().attempt());
    drive.leave("b", false);
    assertEquals(2, drive.state.round().place().attempt());
  }

  /** The invariants stand in {@link Drive}, which checks them at every step. */
  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void anyScheduleCountsEachReplyAtMostOnceAndIsReplayedFromItsJournal(@ForAll long seed) {
    Random random = new Random(seed);
    Drive drive = new Drive(rules(random.nextInt(3), 1 + random.nextInt(3)), 12);
    for (int i = 0; i < 400; i++) {
      act(drive, random);
    }
    drive.checkReplay();
    assertTrue(
        new TreeSet<>(drive.counted).size() == drive.counted.size(), drive.counted::toString);
  }

  private static void act(Drive drive, Random random) {
    String site = SITES.get(random.nextInt(SITES.size()));
    Place place = drive.state.round().place();
    switch (random.nextInt(14)) {
      case 0, 1 -> drive.ready(site);
      case 2, 3, 4, 5 -> drive.reply(site);
      case 6, 7, 8 ->
          drive.reply(
              new Place(
                  Math.max(1, place.round() - random.nextInt(4)),
                  Math.max(1, place.attempt() + random.nextInt(3) - 1),
                  0),
              site,
              random.nextInt(8) == 0 ? "second" : "first");
      case 9 -> drive.tick(random.nextInt(120));
      case 10, 11, 12 -> drive.work(random.nextInt(15) == 0);
      default -> {
        switch (random.nextInt(12)) {
          case 0, 1 -> drive.leave(site, random.nextInt(4) == 0);
          case 2, 3, 4, 5 -> drive.restart();
          case 6 -> drive.pause();
          case 7, 8, 9 -> drive.resume();
          case 10 -> drive.abort();
          default -> drive.retry();
        }
      }
    }
  }
}
