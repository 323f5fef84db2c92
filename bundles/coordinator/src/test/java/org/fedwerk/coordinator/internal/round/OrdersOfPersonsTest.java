// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.junit.jupiter.api.Test;

class OrdersOfPersonsTest {
  private final Drive drive = new Drive(FivePhasesTest.rules(2), 2);

  private void replies(String... sites) {
    for (String site : sites) {
      drive.reply(site);
    }
    drive.workAll();
  }

  @Test
  void aPausedTaskFinishesItsPhaseAndHoldsTheNextBackUntilItIsResumed() {
    drive.ready("a", "b");
    drive.reply("a");
    drive.pause();
    assertEquals(
        new Effect.Inform(new Place(1, 1, 0)), drive.effects.get(drive.effects.size() - 1));
    drive.tick(1_000_000);
    assertEquals(List.of("b"), drive.state.round().outstanding(), "nobody is blamed for silence");
    replies("b");
    assertEquals(Stage.HELD, drive.state.round().stage());
    assertEquals(new Place(1, 1, 1), drive.state.round().place());
    assertEquals(1, drive.state.round().closed().size(), "what sites did is kept");

    drive.restart();
    assertEquals(Stage.HELD, drive.state.round().stage(), "a kill changes nothing");
    drive.resume();
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
    assertEquals("shares", drive.phase());
    drive.tick(99);
    assertEquals(List.of("a", "b"), drive.state.round().outstanding(), "patience begins anew");
    drive.checkReplay();
  }

  @Test
  void noAttemptBeginsWhileTheTaskRests() {
    drive.pause();
    drive.ready("a", "b");
    assertEquals(Stage.WAITING, drive.state.round().stage());
    drive.restart();
    assertEquals(Stage.WAITING, drive.state.round().stage());
    assertEquals("ops", drive.state.round().pausedBy());
    drive.resume();
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
    drive.checkReplay();
  }

  @Test
  void aRoundWhoseLastPhaseIsFoldedIsCommittedThoughTheTaskRests() {
    drive.ready("a", "b");
    for (int phase = 0; phase < 4; phase++) {
      replies("a", "b");
    }
    assertEquals("unmask", drive.phase());
    drive.pause();
    replies("a", "b");
    assertEquals(new Place(2, 1, 0), drive.state.round().place());
    assertEquals(Stage.WAITING, drive.state.round().stage());
    drive.resume();
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
  }

  @Test
  void anAbortedRoundDropsItsRepliesAndIsTriedAgainAsTheNextAttempt() {
    drive.ready("a", "b");
    replies("a", "b");
    drive.reply("a");
    drive.abort();
    RoundState aborted = drive.state.round();
    assertEquals(Stage.ABORTED, aborted.stage());
    assertEquals("aborted by ops: wrong labels", aborted.problem());
    Effect.Discard gone =
        drive.effects.stream()
            .filter(Effect.Discard.class::isInstance)
            .map(Effect.Discard.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(3, gone.replies().size());
    assertEquals(1, gone.products().size());

    drive.reply(new Place(1, 1, 1), "b", "late");
    assertTrue(
        drive.effects.get(drive.effects.size() - 1) instanceof Effect.Refuse refuse
            && refuse.reason().equals("over"));
    drive.restart();
    assertTrue(
        drive.effects.get(drive.effects.size() - 1) instanceof Effect.Fail fail
            && fail.place().equals(new Place(1, 1, 5)));
    drive.retry();
    assertEquals(new Place(1, 2, 0), drive.state.round().place());
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
    assertEquals("", drive.state.round().problem());
    drive.checkReplay();
  }

  @Test
  void aTaskThatFailedThreeTimesHasThreeTriesAgain() {
    drive.ready("a", "b");
    for (int attempt = 1; attempt <= 3; attempt++) {
      drive.reply("a");
      drive.reply("b");
      drive.work(true);
    }
    assertEquals(Stage.FAILED, drive.state.round().stage());
    drive.retry();
    assertEquals(new Place(1, 4, 0), drive.state.round().place());
    for (int attempt = 4; attempt <= 5; attempt++) {
      drive.reply("a");
      drive.reply("b");
      drive.work(true);
    }
    assertEquals(Stage.COLLECTING, drive.state.round().stage());
  }

  @Test
  void anOrderThatDoesNotFitChangesNothing() {
    drive.resume();
    drive.retry();
    assertTrue(drive.journal.isEmpty());
    drive.abort();
    drive.pause();
    drive.resume();
    drive.abort();
    assertEquals(1, drive.journal.size());
    assertFalse(drive.state.round().isPaused());
  }

  @Test
  void aChosenCohortIsJournaledBeforeItIsTold() {
    Drive chosen = new Drive(FivePhasesTest.rules(2, true), 1);
    chosen.ready("a", "b");
    chosen.ready("c", "d");
    assertEquals(Stage.WAITING, chosen.state.round().stage());
    assertTrue(chosen.effects.stream().noneMatch(Effect.Announce.class::isInstance));
    chosen.restart();
    Effect.Choose again = (Effect.Choose) chosen.effects.get(chosen.effects.size() - 1);
    assertEquals(List.of("a", "b", "c", "d"), again.candidates());
    chosen.accept(new Event.CohortChosen(0, new Place(1, 1, 0), List.of("a", "x")));
    assertEquals(Stage.WAITING, chosen.state.round().stage(), "x was not named");
    chosen.accept(new Event.CohortChosen(0, new Place(1, 1, 0), List.of("b", "d")));
    assertEquals(List.of("b", "d"), chosen.state.round().cohort());
    chosen.accept(new Event.CohortChosen(0, new Place(1, 1, 0), List.of("a", "b")));
    chosen.restart();
    assertEquals(List.of("b", "d"), chosen.state.round().cohort(), "it is not chosen anew");
    chosen.tick(100);
    assertEquals(Set.of("b", "d"), chosen.state.round().away(), "and both were waited for");
    assertEquals(new Place(1, 2, 0), chosen.state.round().place());
    chosen.checkReplay();
  }

  @Test
  void everyDurableEventIsReadBackAsItWasWritten() {
    Place place = new Place(3, 2, 1);
    Reply reply = new Reply("a", Drive.digest("m"), Drive.digest("r"));
    List<Event.Durable> all =
        List.of(
            new Event.SiteReady(1, "a", 2, true, 3),
            new Event.SiteLeft(1, "a", 2, place, true, "why"),
            new Event.ReplyComplete(1, place, reply),
            new Event.SiteStalled(1, place, "a"),
            new Event.SiteBack(1, "a"),
            new Event.PhaseOverdue(1, place),
            new Event.RetryDue(1, place),
            new Event.Folded(1, place, Drive.digest("p")),
            new Event.FoldFailed(1, place, "why"),
            new Event.Committed(1, 3, Optional.of("train")),
            new Event.CohortChosen(1, place, List.of("a", "b")),
            new Event.RoundsAsked(1, "a", 2, 3),
            new Event.Paused(1, "ops", 4),
            new Event.Resumed(1, "ops", 4),
            new Event.Aborted(1, "ops", 4, "why"),
            new Event.Retried(1, "ops", 4));
    long kinds =
        List.of(Event.class.getDeclaredClasses()).stream()
            .filter(each -> each.isRecord() && Event.Durable.class.isAssignableFrom(each))
            .count();
    assertEquals(kinds, all.size(), "each kind of event stands here");
    List<Event.Durable> more = new ArrayList<>(all);
    more.add(new Event.Folded(1, place, Drive.digest("p"), 12));
    more.add(new Event.Folded(1, place, Drive.digest("p"), 0));
    for (Event.Durable event : more) {
      assertEquals(event, EventCodec.decode(new StateReader("journal", EventCodec.encode(event))));
    }
  }
}
