// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.fedwerk.site.internal.SiteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What sites tell of their training labels, from their examples to the model's card. */
@Timeout(120)
class LabelsTest {
  private static String card(String site) {
    String rounds = "max: 2, least: 2, patience: 5, quorum: 3, stall: 30s, cohort-least: 3";
    try (VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain())) {
      federation.policy(site, SiteSettings::withLabels);
      federation.start();
      federation.submit(Bench.task(1, rounds));
      boolean finished =
          federation.run(
              Duration.ofHours(1),
              () ->
                  !federation.tasks().isEmpty()
                      && federation.tasks().get(0).run().state().equals("finished"));
      assertTrue(finished, federation.sites().toString());
      return federation.tasks().get(0).versions().get(1).card();
    }
  }

  /** Each site trains on three good parts and three bad ones; two are the fewest to be told. */
  @Test
  void theCardHasThoseOfTheSiteThatLetsThemLeaveAndOfNoOther() {
    String card = card("b");
    String table =
        """
        | site | good | bad |
        |---|---|---|
        | a | not told | not told |
        | b | 3 | 3 |
        | c | not told | not told |
        | all, as far as told | 3 | 3 |

        What fewer than 2 examples stand behind, or would give such a number away, is not told.
        """;
    assertTrue(card.contains(table), card);
  }

  /** What a card tells changes nothing of what is learned. */
  @Test
  void theModelIsTheSameWhoeverTellsOfLabels() {
    assertEquals(model(card("a")), model(card("c")));
  }

  private static String model(String card) {
    return card.lines().filter(line -> line.startsWith("- model: ")).findFirst().orElseThrow();
  }
}
