// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class RandomSchedulesTest {
  private static final List<String> SITES = List.of("a", "b", "c", "d", "e");

  /** The invariants stand in {@link Drive}, which checks them at every step. */
  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void anySchedulesOfRepliesLossesAndRestartsKeepTheInvariants(@ForAll long seed) {
    Random random = new Random(seed);
    Drive drive = new Drive(FivePhasesTest.rules(1 + random.nextInt(3), random.nextInt(3) == 0), 3);
    for (int i = 0; i < 400; i++) {
      act(drive, random);
    }
    drive.checkReplay();
  }

  @Property(tries = 50, shrinking = ShrinkingMode.OFF)
  void afterAnyScheduleTheTaskFinishesOnceAllSitesAnswer(@ForAll long seed) {
    Random random = new Random(seed);
    Drive drive = new Drive(FivePhasesTest.rules(1 + random.nextInt(3), random.nextInt(3) == 0), 3);
    for (int i = 0; i < 150; i++) {
      act(drive, random);
    }
    for (int i = 0; i < 200 && drive.state.round().stage() != Stage.FAILED; i++) {
      drive.resume();
      if (drive.state.round().stage() == Stage.ABORTED) {
        drive.retry();
      }
      drive.ready(SITES.toArray(String[]::new));
      drive.workAll();
      drive.state.round().outstanding().forEach(drive::reply);
      drive.tick(10);
    }
    Stage stage = drive.state.round().stage();
    assertEquals(stage == Stage.FAILED ? Stage.FAILED : Stage.FINISHED, stage);
  }

  private static void act(Drive drive, Random random) {
    String site = SITES.get(random.nextInt(SITES.size()));
    Place place = drive.state.round().place();
    switch (random.nextInt(12)) {
      case 0, 1 -> drive.ready(site);
      case 2, 3, 4, 5 -> drive.reply(site);
      case 6 ->
          drive.reply(
              new Place(
                  Math.max(1, place.round() - random.nextInt(2)),
                  Math.max(1, place.attempt() + random.nextInt(3) - 1),
                  random.nextInt(5)),
              site,
              random.nextBoolean() ? "first" : "second");
      case 7 -> drive.tick(random.nextInt(70));
      case 8 -> drive.work(site);
      case 9, 10 -> drive.work(random.nextInt(20) == 0);
      default -> {
        switch (random.nextInt(16)) {
          case 0, 1, 2, 3, 4 -> drive.leave(site, random.nextInt(4) == 0);
          case 5, 6, 7 -> drive.restart();
          case 8, 9 -> drive.pause();
          case 10, 11, 12 -> drive.resume();
          case 13 -> drive.abort();
          default -> drive.retry();
        }
      }
    }
  }
}
