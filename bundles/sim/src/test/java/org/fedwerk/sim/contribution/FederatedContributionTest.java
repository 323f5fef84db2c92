// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.contribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three sites see the same line, a fourth has the values of others' points. */
@Timeout(180)
class FederatedContributionTest {
  private static final String GROUP =
      "contribution: {of: [leave-one-out, shapley, matrix], permutations: 5}\n";
  private static final Set<String> SITES = Set.of("a", "b", "c", "d");

  @ParameterizedTest
  @ValueSource(strings = {"site", "federated"})
  void aSiteOfShuffledLabelsIsWorthTheLeast(String normalisation) throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (SiteExamples site :
          List.of(
              ContributionsTest.site("a", 3),
              ContributionsTest.site("b", 3),
              ContributionsTest.site("c", 3),
              ContributionsTest.shuffled("d", 3))) {
        federation.add(
            site.site(), new MemoryStorage(), new GivenExamples(site.examples()), "tests");
      }
      List<RoundRecord> rounds =
          federation.run(
              ContributionsTest.LINE.replace("cohort-least: 3, quorum: 3", "cohort-least: 4")
                  + "normalisation: "
                  + normalisation
                  + "\n"
                  + GROUP,
              Duration.ofMinutes(2));
      RoundRecord search = rounds.get(rounds.size() - 2);
      assertEquals("contribution", search.protocol());
      Contributions found = Contributions.of(search).orElseThrow();
      assertEquals("", found.problem());
      assertEquals("rmse", found.metric());
      assertEquals(16, found.judged(), "all subsets of four");
      least(found.leaveOneOut());
      least(found.shapley());
      assertTrue(found.leaveOneOut().get("d") < 0, found.toString());
      double gained = found.worth().get(Contributions.NONE) - found.worth().get(Contributions.ALL);
      assertEquals(
          gained,
          found.shapley().values().stream().mapToDouble(Double::doubleValue).sum(),
          1e-9,
          "of an error the fall is shared out");
      matrix(found.matrix());
    } finally {
      engine.stop();
    }
  }

  private static void least(Map<String, Double> shares) {
    assertEquals(SITES, shares.keySet());
    assertEquals(Collections.min(shares.values()), shares.get("d"), shares.toString());
  }

  private static void matrix(SortedMap<String, SortedMap<String, Double>> matrix) {
    assertEquals(SITES, matrix.keySet());
    matrix.forEach((site, row) -> assertEquals(SITES, row.keySet(), site));
    for (String site : List.of("a", "b", "c")) {
      double own = matrix.get(site).get(site);
      assertTrue(own < matrix.get("d").get(site), "of the line the shuffled site knows less");
      assertTrue(own < matrix.get(site).get("d"), "and nobody knows what it has");
    }
  }
}
