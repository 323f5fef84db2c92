// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.junit.jupiter.api.Test;

class MetricRestTest {
  private static List<ModelVersion> versions(double... metrics) {
    Digest any = Digest.of(new byte[0]);
    List<ModelVersion> versions = new ArrayList<>();
    versions.add(new ModelVersion(any, 0, any, any, List.of(), List.of(), Double.NaN));
    for (double metric : metrics) {
      versions.add(new ModelVersion(any, versions.size(), any, any, List.of(), List.of(), metric));
    }
    return versions;
  }

  private static RoundsSpec rounds(int max, int patience, int least, String metric) {
    return new RoundsSpec(
        max,
        patience,
        least,
        metric,
        2,
        1,
        0,
        Duration.ofSeconds(1),
        null,
        CohortSpec.ALL,
        LateSpec.DROP,
        0);
  }

  @Test
  void restsWhenPatienceRoundsBroughtNothingBetter() {
    RoundsSpec rounds = rounds(50, 2, 1, "accuracy");
    assertFalse(MetricRest.rests(rounds, versions(0.5, 0.7, 0.7)));
    assertTrue(MetricRest.rests(rounds, versions(0.5, 0.7, 0.7, 0.6)));
  }

  @Test
  void neverRestsBeforeTheLeastRounds() {
    assertFalse(MetricRest.rests(rounds(50, 2, 5, "accuracy"), versions(0.7, 0.6, 0.6, 0.6)));
    assertTrue(MetricRest.rests(rounds(50, 2, 5, "accuracy"), versions(0.7, 0.6, 0.6, 0.6, 0.6)));
  }

  @Test
  void stopsAtTheMostRounds() {
    assertTrue(MetricRest.rests(rounds(3, 9, 1, "accuracy"), versions(0.5, 0.6, 0.7)));
  }

  @Test
  void aLowerLossIsBetterAndTheFirstOfEqualsIsBest() {
    assertEquals(2, MetricRest.best("loss", versions(0.5, 0.2, 0.2, 0.9)).orElseThrow().version());
    assertEquals(
        4, MetricRest.best("accuracy", versions(0.5, 0.2, 0.2, 0.9)).orElseThrow().version());
    assertTrue(MetricRest.best("accuracy", versions(Double.NaN)).isEmpty());
  }
}
