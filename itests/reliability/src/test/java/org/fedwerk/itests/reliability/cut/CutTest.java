// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.cut;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.fedwerk.itests.reliability.transfer.Plant;
import org.fedwerk.link.internal.LinkSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Part {@code cut}, with cuts of seconds. */
class CutTest {
  @TempDir Path folder;

  private static LinkSettings quick(int port) {
    return new LinkSettings(
        "ssl://127.0.0.1:" + port,
        Duration.ofSeconds(1),
        Duration.ofDays(1),
        Duration.ofMillis(50),
        Duration.ofMillis(500));
  }

  private Cut.Outcome cut(Duration length, Cut.Reach reach) throws Exception {
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    return new Cut(folder, examples).run(length, reach);
  }

  @Test
  void aCutOfASecondIsWaitedForByTheConnectionItself() throws Exception {
    Cut.Outcome outcome = cut(Duration.ofSeconds(1), port -> Plant.defaults("127.0.0.1", port));
    assertTrue(outcome.missing() > 0, outcome.toString());
    assertTrue(outcome.seconds() < 30, outcome.toString());
    assertTrue(outcome.sentTwice() <= 1, outcome.toString());
  }

  @Test
  void aCutThatIsLongerThanTheKeepAliveIsNoticedAndOnlyWhatIsMissingTravelsAgain()
      throws Exception {
    Cut.Outcome outcome = cut(Duration.ofSeconds(4), CutTest::quick);
    assertTrue(outcome.missing() > 0, outcome.toString());
    assertTrue(outcome.seconds() < 30, outcome.toString());
    assertTrue(outcome.sentTwice() <= 1, outcome.toString());
  }
}
