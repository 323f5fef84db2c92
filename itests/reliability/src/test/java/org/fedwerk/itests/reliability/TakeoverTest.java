// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.fedwerk.itests.reliability.kill.Takeover;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of part takeover: one takeover with a short lease. */
@Timeout(300)
class TakeoverTest {
  @TempDir Path folder;

  @Test
  void theStandbyTakesOverInTheMiddleOfARoundAndComesToTheSameModels() throws Exception {
    Takeover takeover = new Takeover(folder);
    Takeover.Result result = takeover.run(Duration.ofSeconds(2));
    assertEquals(takeover.undisturbed(), result.facts());
    assertTrue(result.facts().stream().anyMatch(fact -> fact.startsWith("model ")));
    assertTrue(result.seconds() > 0 && result.seconds() < 60, result.seconds() + " s");
  }
}
