// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.PromotionSpec.By;
import org.fedwerk.api.task.RolloutSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who lets a version out, and how it goes. */
class PromotionTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  private static PromotionSpec read(String... lines) throws RefusedException {
    String yaml = RefusalsTest.LEAST + String.join("\n", lines) + "\n";
    return new YamlTaskReader().read(yaml).task().promotion();
  }

  @Test
  void withoutTheGroupTheRoundsOfTheTaskDecide() throws RefusedException {
    assertEquals(PromotionSpec.TASK, read());
    assertFalse(read().isGated());
  }

  @Test
  void aRuleHasABoundThatEverySiteMustKeep() throws RefusedException {
    PromotionSpec rule = read("promotion: {by: rule, least: 0.8}");
    assertEquals(By.RULE, rule.by());
    assertEquals("balanced-accuracy", rule.metric(), "that of the rounds");
    assertTrue(rule.passes(0.8));
    assertFalse(rule.passes(0.79) || rule.passes(Double.NaN));
    PromotionSpec loss = read("promotion: {by: rule, metric: loss, most: 0.5}");
    assertTrue(loss.passes(0.5));
    assertFalse(loss.passes(0.51) || loss.passes(Double.NaN));
    assertEquals(RolloutSpec.EVERYWHERE_AT_ONCE, loss.rollout());
  }

  @Test
  void aRolloutHasACanaryWavesAndAGate() throws RefusedException {
    RolloutSpec rollout =
        read(
                "promotion: {by: person}",
                "rollout:",
                "  canary: [press-2]",
                "  waves: [0.5, 1]",
                "  gate: {predictions: 20, time: 2h, alarm-rate: 0.3, alarm-rise: 0.1,"
                    + " latency-p99: 250ms, metric-drop: 0.05}")
            .rollout();
    assertEquals(
        new RolloutSpec(
            List.of("press-2"),
            0,
            List.of(0.5, 1.0),
            new RolloutSpec.Gate(20, Duration.ofHours(2), 0.3, 0.1, Duration.ofMillis(250), 0.05)),
        rollout);
    assertEquals(
        new RolloutSpec.Gate(100, Duration.ZERO, NONE, NONE, null, NONE),
        read("promotion: {by: person}", "rollout: {canary: 2}").rollout().gate());
  }

  @Test
  void wavesTakeEachSiteOnceAndLeaveNobodyOut() throws RefusedException {
    List<String> sites = List.of("e", "d", "c", "b", "a");
    RolloutSpec named =
        read("promotion: {by: person}", "rollout: {canary: [c, away], waves: [0.5]}").rollout();
    assertEquals(List.of(List.of("c"), List.of("a", "b"), List.of("d", "e")), named.over(sites));
    assertEquals(List.of(List.of("c")), named.over(List.of("c")));
    RolloutSpec counted =
        read("promotion: {by: person}", "rollout: {canary: 2, waves: [0.4, 1]}").rollout();
    assertEquals(List.of(List.of("a", "b"), List.of("c", "d", "e")), counted.over(sites));
    assertEquals(List.of(), counted.over(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rollout: {canary: 1}                                 | rollout           | stands without promotion
          promotion: {least: 0.8}                              | promotion.by      | is missing; give rule or person
          promotion: {by: rule}                                | promotion.least   | is missing; give the least value
          promotion: {by: person, most: 0.8}                   | promotion.most    | does not go with the metric balanced-accuracy
          promotion: {by: rule, least: 80}                     | promotion.least   | a number from 0 to 1
          promotion: {by: rule, metric: loss}                  | promotion.most    | the largest loss
          promotion: {by: nobody}                              | promotion.by      | rule, person
          """)
  void aPromotionThatSaysTooLittleOrTooMuchIsRefused(String line, String key, String why) {
    refused(key, why, line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                   | rollout           | has neither canary nor waves
          {canary: [a, a]}                                     | rollout.canary    | names a site twice
          {canary: [Press 1]}                                  | rollout.canary[0] | site ids
          {waves: [0.5, 0.5]}                                  | rollout.waves[1]  | is not above the wave before it
          {waves: [1.5]}                                       | rollout.waves[0]  | at most 1
          {canary: 1, gate: {alarm-rate: 2}}                   | rollout.gate.alarm-rate | from 0 to 1
          {canary: 1, gate: {alarm-rate: 0.2, predictions: 5}} | rollout.gate.predictions | is below egress.least-count, 10
          {canary: 1, gate: {latency: 1s}}                     | rollout.gate.latency | did you mean "latency-p99"?
          """)
  void aRolloutThatCannotWorkIsRefused(String rollout, String key, String why) {
    refused(key, why, "promotion: {by: person}", "rollout: " + rollout);
  }

  private static void refused(String key, String why, String... lines) {
    List<Refusal> refusals = assertThrows(RefusedException.class, () -> read(lines)).refusals();
    assertEquals(1, refusals.size(), refusals.toString());
    assertEquals(key, refusals.get(0).where());
    assertTrue(refusals.get(0).what().contains(why), refusals.toString());
  }
}
