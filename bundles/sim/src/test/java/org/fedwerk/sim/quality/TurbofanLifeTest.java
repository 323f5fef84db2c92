// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.sim.baseline.SiteExamples;
import org.junit.jupiter.api.Test;

class TurbofanLifeTest {
  private static SiteExamples site(String name, String... engines) {
    return new SiteExamples(
        name,
        List.of(engines).stream()
            .map(serial -> new Example(serial, Map.of(), -1, 1, DataRole.TEST))
            .toList());
  }

  /** Ten flights too many cost e - 1, thirteen too few as much. */
  @Test
  void anOverestimateCostsMoreThanAnUnderestimate() {
    TurbofanLife lives = new TurbofanLife();
    lives.put("a", "1", 100);
    lives.put("a", "2", 50);
    lives.put("b", "1", 150);
    Map<String, Double> told =
        lives.of(
            List.of(site("a", "1", "2"), site("b", "1")),
            List.of(new double[] {110, 37}, new double[] {150}));
    assertEquals(2 * (Math.E - 1), told.get(TurbofanLife.SCORE), 1e-9);
    assertEquals(Math.sqrt((100 + 169) / 2.0) / 2, told.get(TurbofanLife.UNCAPPED), 1e-9);
  }
}
