// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A protocol whose folds say how often its last phase comes. */
class RepeatedPhaseTest {
  private static Drive drive() {
    Phase gather = phase("gather", ModelChoice.NEWEST);
    Phase judge = phase("judge", ModelChoice.CANDIDATE);
    Protocol protocol = new Protocol("tasting", List.of(gather, judge), false, true);
    Drive drive = new Drive(new Rules(2, 500, Map.of("tasting", protocol), "tasting", 3), 2);
    drive.ready("a", "b");
    return drive;
  }

  private static Phase phase(String name, ModelChoice model) {
    return new Phase(name, name, "fold", model, 0, Duration.ofNanos(100), null);
  }

  private static void answer(Drive drive) {
    drive.reply("a");
    drive.reply("b");
    drive.workAll();
  }

  private static Effect.Commit commit(Drive drive) {
    return drive.effects.stream()
        .filter(Effect.Commit.class::isInstance)
        .map(Effect.Commit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theLastPhaseComesAsOftenAsItsFoldsSay() {
    Drive drive = drive();
    drive.last = 3;
    assertEquals("gather", drive.phase());
    for (int phase = 1; phase <= 3; phase++) {
      answer(drive);
      assertEquals("judge", drive.phase());
      assertEquals(new Place(1, 1, phase), drive.state.round().place());
      drive.restart();
    }
    answer(drive);
    assertEquals(new Place(2, 1, 0), drive.state.round().place());
    assertEquals(4, commit(drive).closed().size());
    drive.checkReplay();
  }

  @Test
  void aFoldMayEndItEarlierAndTheFirstMayLeaveItOut() {
    Drive early = drive();
    early.last = 3;
    answer(early);
    answer(early);
    early.last = 2;
    answer(early);
    assertEquals(3, commit(early).closed().size());
    assertEquals("gather", early.phase(), "the next round begins from the front");
    early.checkReplay();

    Drive none = drive();
    none.last = 0;
    answer(none);
    assertEquals(1, commit(none).closed().size());
    none.checkReplay();
  }

  @Test
  void theEndStandsBehindEveryPhaseThatCame() {
    Drive drive = drive();
    drive.last = 5;
    answer(drive);
    answer(drive);
    drive.abort();
    assertEquals(new Place(1, 1, 6), drive.engine.behind(drive.state.round()));
    drive.retry();
    assertEquals(new Place(1, 2, 0), drive.state.round().place());
    assertEquals(1, drive.state.round().last(), "another attempt knows nothing of it yet");
    drive.checkReplay();
  }

  @Test
  void whatIsRepeatedNeedsAPhaseBeforeIt() {
    List<Phase> alone = List.of(phase("judge", ModelChoice.NEWEST));
    assertThrows(IllegalArgumentException.class, () -> new Protocol("tasting", alone, false, true));
  }
}
