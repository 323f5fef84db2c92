// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.net;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Part {@code net}, loss and a pulled cable in one round. */
class DisturbedTest {
  @TempDir Path folder;

  @Test
  void aRoundEndsWithOneModelAlthoughPacketsAreLostAndTheCableIsPulled() throws Exception {
    Optional<String> unavailable = Namespaces.unavailable();
    assumeTrue(unavailable.isEmpty(), unavailable.orElse(""));
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    Disturbed.Outcome outcome =
        new Disturbed(folder, examples).run(2, Disturbed.down(Duration.ofSeconds(2)));
    assertTrue(outcome.chunk() < 60, outcome.toString());
    assertTrue(outcome.sentTwice() <= 1, outcome.toString());
  }
}
