// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Task;
import org.junit.jupiter.api.Test;

/** By whose statistics inputs are standardised. */
class StatisticsRuleTest {
  private static Task read(int signals, String derive, String more) throws RefusedException {
    String list =
        IntStream.range(0, signals)
            .mapToObj(i -> "    - {name: s" + i + ", unit: bar, min: 0, max: 1}\n")
            .collect(Collectors.joining());
    String yaml =
        """
        task: press
        owner: tests
        purpose: tell parts apart
        schema:
          name: press
          version: 1
          signals:
        %s  window: {steps: 8, step: 1s}
        %s  label: {name: result, classes: [good, bad]}
        model: {architecture: linear}
        training: {rate: 0.1, batch: 4}
        rounds: {max: 3}
        %s"""
            .formatted(list, derive, more);
    return new YamlTaskReader().read(yaml).task();
  }

  @Test
  void eachSiteStandardisesByItsOwnUnlessTheTaskSaysOtherwise() throws RefusedException {
    assertFalse(read(2, "", "").standardisesTogether());
    assertFalse(read(2, "", "normalisation: site\n").standardisesTogether());
    assertTrue(read(2, "", "normalisation: federated\n").standardisesTogether());
  }

  @Test
  void theyGoWithDerivedValuesAndWithRegimes() throws RefusedException {
    String bands = "  derive: {bands: 3, statistics: [mean]}\n";
    assertTrue(read(2, bands, "normalisation: federated\n").standardisesTogether());
    String regimes = "  regimes: {signals: [s0], scale: [1], centroids: [[0], [5]]}\n";
    assertTrue(read(2, regimes, "normalisation: federated\n").standardisesTogether());
  }

  @Test
  void moreThanAPlanHasRoomForAreRefusedByName() throws RefusedException {
    String derive = "  derive: {bands: 3, statistics: [mean]}\n";
    assertTrue(read(250, derive, "normalisation: federated\n").standardisesTogether());
    RefusedException refused =
        assertThrows(RefusedException.class, () -> read(251, derive, "normalisation: federated\n"));
    assertEquals("normalisation", refused.refusals().get(0).where());
    assertTrue(refused.getMessage().contains("which are 1004; at most 1000"));
    assertFalse(read(251, derive, "").standardisesTogether());
  }
}
