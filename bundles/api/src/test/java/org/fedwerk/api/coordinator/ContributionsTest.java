// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.junit.jupiter.api.Test;

class ContributionsTest {
  private static RoundRecord round(Map<String, Double> metrics) {
    Digest digest = Digest.of(new byte[0]);
    return new RoundRecord(
        digest,
        5,
        1,
        "contribution",
        digest,
        1,
        List.of("press-1", "press-2"),
        Map.of(),
        metrics,
        Map.of(),
        0,
        0,
        Instant.EPOCH,
        Duration.ZERO);
  }

  private static TreeMap<String, Double> bySite(double first, double second) {
    return new TreeMap<>(Map.of("press-1", first, "press-2", second));
  }

  @Test
  void figuresComeBackFromTheMetricsOfTheirRound() {
    Contributions found =
        new Contributions(
            "balanced-accuracy",
            4,
            4,
            2,
            Map.of(Contributions.ALL, 0.9, Contributions.NONE, 0.5),
            bySite(0.1, -0.2),
            bySite(0.3, 0.1),
            new TreeMap<>(Map.of("press-1", bySite(0.8, 0.7), "press-2", bySite(0.6, Double.NaN))));
    Map<String, Double> metrics = found.metrics();
    assertEquals(0.3, metrics.get("contribution.balanced-accuracy.shapley.press-1"));
    assertEquals(0.6, metrics.get("contribution.balanced-accuracy.matrix.press-2.press-1"));
    assertTrue(metrics.keySet().stream().allMatch(Contributions::names));
    metrics.put("train.loss", 0.25);
    assertEquals(Optional.of(found), Contributions.of(round(metrics)));
    assertEquals("", found.problem());
  }

  @Test
  void aRoundThatDidNotLookForThemHasNone() {
    assertEquals(Optional.empty(), Contributions.of(round(Map.of("train.loss", 0.25))));
    assertFalse(Contributions.names("validation.loss"));
  }

  @Test
  void whyThereAreNoFiguresComesBackToo() {
    for (Contributions none :
        List.of(Contributions.incomplete(312, 0), Contributions.incomplete(8, 3))) {
      Contributions read = Contributions.of(round(none.metrics())).orElseThrow();
      assertEquals(none, read);
      assertFalse(read.problem().isEmpty());
    }
    assertTrue(Contributions.incomplete(312, 0).problem().contains("at most 200 are judged"));
    assertTrue(Contributions.incomplete(8, 3).problem().startsWith("3 of 8 models"));
  }
}
