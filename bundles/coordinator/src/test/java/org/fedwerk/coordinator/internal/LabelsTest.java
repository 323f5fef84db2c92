// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.ThresholdSpec;
import org.junit.jupiter.api.Test;

/** What sites tell of the labels that they learn from, and what a card says of it. */
class LabelsTest {
  private static final Digest ANY = Digest.of(new byte[] {1});
  private static final LabelSpec ONE =
      new LabelSpec("ok", List.of("good", "bad"), Duration.ofHours(1));
  private static final LabelSpec SOME =
      new LabelSpec("ok", List.of("a", "b"), Duration.ofHours(1), Target.SOME_CLASSES);
  private static final LabelSpec NUMBER =
      new LabelSpec(
          "wear", List.of(), Duration.ofHours(1), new Target(Target.Kind.VALUE, "mm", 10, 4));
  private static final LabelSpec NORMAL =
      new LabelSpec("ok", List.of("ok", "bad"), Duration.ofHours(1), Target.NORMALITY);

  private static LabelStatistics classes(Long... counts) {
    return LabelStatistics.ofClasses(List.of(counts));
  }

  private static LabelStatistics number(long count) {
    return LabelStatistics.ofValue(new Moments(count, 11, 4));
  }

  private static Bench learned(String site, LabelStatistics told) throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.site(site).labels = Optional.of(told);
    bench.submit("press 2 3");
    bench.settle();
    return bench;
  }

  @Test
  void aCardTellsThemOfEachSiteThatDidAndSaysOfTheOthersThatTheyDidNot() throws Exception {
    Bench bench = learned("east", classes(600L, 0L));
    assertEquals("finished", bench.facts().run().state());
    String card = bench.facts().versions().get(1).card();
    String table =
        """
        ## Labels

        Of the training examples, as far as sites told of them (labels.leave):

        | site | good | bad |
        |---|---|---|
        | east | 600 | 0 |
        | north | not told | not told |
        | west | not told | not told |
        | all, as far as told | 600 | 0 |
        """;
    assertTrue(card.contains(table), card);
    bench.restart();
    bench.settle();
    assertEquals(card, bench.facts().versions().get(1).card());
  }

  @Test
  void aCardSaysIfNoSiteTold() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 2 2");
    bench.settle();
    String card = bench.facts().versions().get(1).card();
    assertTrue(card.contains("\nNo site told of the labels that it learned from"), card);
    assertTrue(!bench.facts().versions().get(0).card().contains("## Labels"));
  }

  @Test
  void aSiteWhoseNumbersCannotBeIsRefusedAndTheRoundGoesOnWithoutIt() throws Exception {
    Bench bench = learned("east", classes(600L, 1L));
    assertEquals("finished", bench.facts().run().state());
    assertEquals(List.of("north", "west"), bench.facts().models().get(1).contributors());
    assertEquals(
        "reply does not fit the plan: what is told of labels cannot be that of 600 examples of the task",
        bench.site("east").receipts.get(0).reason());
  }

  private static void assertTaken(boolean taken, LabelSpec label, LabelStatistics told) {
    assertEquals(taken, LabelClaims.why(label, 100, told).isEmpty(), label + " " + told);
  }

  @Test
  void whatIsToldMustBeOfTheLabelAndOfNoMoreExamplesThanTheUpdate() {
    assertTaken(true, ONE, classes(60L, 40L));
    assertTaken(true, ONE, classes(60L, 0L));
    assertTaken(false, ONE, classes(60L, 41L));
    assertTaken(false, ONE, classes(60L));
    assertTaken(false, ONE, number(100));
    assertTaken(false, ONE, new LabelStatistics(List.of(60L, 40L), new Moments(1, 1, 0)));
    assertTaken(false, ONE, classes(Long.MAX_VALUE, Long.MAX_VALUE));
    assertTaken(true, SOME, classes(100L, 100L));
    assertTaken(false, SOME, classes(101L, 0L));
    assertTaken(true, NUMBER, number(100));
    assertTaken(false, NUMBER, number(101));
    assertTaken(false, NUMBER, LabelStatistics.ofValue(Moments.NONE));
    assertTaken(false, NUMBER, classes(60L, 40L));
    assertTaken(false, NORMAL, classes(100L, 0L));
  }

  private static String table(
      LabelSpec label, Map<String, LabelStatistics> told, String... contributors)
      throws RefusedException {
    Task task =
        Fixtures.task(label, null, label.isAnomaly() ? new ThresholdSpec(0.98, 0.1, 100) : null);
    List<Double> weights = List.of(contributors).stream().map(each -> 100.0).toList();
    ModelVersion model =
        new ModelVersion(ANY, 1, ANY, ANY, List.of(contributors), weights, Double.NaN);
    return String.join("\n", new LabelTable(task, model, told).lines());
  }

  /** Of 100 values of mean 11 and 300 of mean 11 and the same deviation the mean is 11. */
  @Test
  void ofANumberItHasCountMeanAndDeviationAndNamesLateUpdatesAsTheModelDoes() throws Exception {
    Map<String, LabelStatistics> told = new LinkedHashMap<>();
    told.put("east", number(100));
    told.put("west@3", number(300));
    String table = table(NUMBER, told, "east", "north", "west@3");
    assertTrue(
        table.endsWith(
            """
            | site | examples | mean | deviation |
            |---|---|---|---|
            | east | 100 | 11.0000 | 2.00000 |
            | north | not told | not told | not told |
            | west@3 | 300 | 11.0000 | 2.00000 |
            | all, as far as told | 400 | 11.0000 | 2.00000 |"""),
        table);
  }

  @Test
  void thereIsNoneInAnomalyDetectionAndOfAModelThatHoldsNoUpdate() throws Exception {
    assertEquals("", table(NORMAL, Map.of(), "east"));
    assertEquals("", table(ONE, Map.of()));
  }
}
