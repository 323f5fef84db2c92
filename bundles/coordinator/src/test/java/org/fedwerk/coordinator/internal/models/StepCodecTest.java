// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.coordinator.internal.bytes.StateWriter;
import org.junit.jupiter.api.Test;

class StepCodecTest {
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);

  @Test
  void everyStepIsReadBackAsItWasWritten() {
    List<Step> steps =
        List.of(
            new Step.Added(3, Digest.of(new byte[] {3}), "# card\n", AT),
            new Step.Approved(3, "ann", "looks fine", AT),
            new Step.Activated(3, "ann", "", AT),
            new Step.Retired(3, "bea", "old", AT),
            new Step.WaveBegan(3, 2, List.of(List.of("a"), List.of("b", "c")), "the gate", "", AT),
            new Step.GatePassed(3, 2, "the gate", "", AT),
            new Step.RolledBack(3, Optional.of(1), "the gate", "alarms", AT),
            new Step.RolledBack(3, Optional.empty(), "ann", "", AT));
    for (Step step : steps) {
      assertEquals(step, StepCodec.decode(StepCodec.encode(step)));
    }
  }

  @Test
  void aTypeOfANewerProgramIsRefused() {
    byte[] newer =
        new StateWriter(63).number(1).text("").text("").number(AT.toEpochMilli()).record();
    String why =
        assertThrows(IllegalStateException.class, () -> StepCodec.decode(newer)).getMessage();
    assertTrue(why.contains("unknown type 63"), why);
  }
}
