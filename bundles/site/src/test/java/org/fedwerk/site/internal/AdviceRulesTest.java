// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.site.Assessment.Advice;
import org.fedwerk.site.internal.AdviceRules.Advised;
import org.junit.jupiter.api.Test;

class AdviceRulesTest {
  private static final Worth GOOD =
      new Worth(7, 12, "balanced-accuracy", 0.9, "above 0.5 here", true);
  private static final Worth POOR =
      new Worth(7, 12, "balanced-accuracy", 0.45, "above 0.5 here", false);

  private List<String> differences = List.of();
  private int parts = 100;
  private int windows = 100;
  private int train = 60;
  private int validation = 20;
  private boolean alike;
  private List<String> blocked = List.of();
  private Optional<String> policy = Optional.empty();
  private Optional<String> apart = Optional.empty();
  private Optional<Worth> worth = Optional.empty();

  private Advised advised() {
    return AdviceRules.of(
        new Grounds(
            differences,
            parts,
            windows,
            "signal force gave no usable value: no sample came",
            train,
            40,
            validation,
            10,
            alike,
            blocked,
            policy,
            apart,
            worth));
  }

  private void assertNotYet(String... reasons) {
    assertEquals(new Advised(Advice.NOT_YET, List.of(reasons)), advised());
  }

  @Test
  void aSiteThatLacksNothingTakesPartWhateverTheModelIsWorth() {
    Advised federated =
        new Advised(
            Advice.FEDERATED,
            List.of(
                "60 training examples of at least 40, 20 validation examples of at least 10, and"
                    + " the engine keeps up"));
    assertEquals(federated, advised());
    worth = Optional.of(POOR);
    assertEquals(federated, advised());
    worth = Optional.of(GOOD);
    assertEquals(federated, advised());
    train = 40;
    validation = 10;
    assertEquals(Advice.FEDERATED, advised().advice());
  }

  @Test
  void whatTheSiteDoesNotDeliverIsNotYetByName() {
    differences = List.of("schema.signals.force: this site has no such signal");
    worth = Optional.of(GOOD);
    assertNotYet("schema.signals.force: this site has no such signal");
  }

  @Test
  void moreThanHalfOfThePartsWithoutAWindowIsNotYetWithTheMostFrequentReason() {
    windows = 49;
    assertNotYet(
        "only 49 of the newest 100 parts gave a window; most often signal force gave no usable"
            + " value: no sample came");
    windows = 50;
    assertEquals(Advice.FEDERATED, advised().advice());
  }

  @Test
  void withoutEnoughValidationExamplesIsNotYetAlsoWithAGoodModel() {
    validation = 9;
    worth = Optional.of(GOOD);
    assertNotYet("9 validation examples, 10 are needed to tell what a model is worth here");
  }

  @Test
  void anEngineThatDoesNotKeepUpIsNotYet() {
    blocked = List.of("a training step takes 40 s");
    assertNotYet("a training step takes 40 s");
  }

  @Test
  void tooFewTrainingExamplesAreNotYetBeforeTheFirstModel() {
    train = 39;
    assertNotYet(
        "39 training examples, rounds.examples-least wants 40",
        "there is no global model here yet that could be used in the meantime");
  }

  @Test
  void tooFewTrainingExamplesAreForFineTuningWhereTheModelIsGoodEnoughHere() {
    train = 39;
    worth = Optional.of(GOOD);
    assertEquals(
        new Advised(
            Advice.FINE_TUNE,
            List.of(
                "39 training examples, rounds.examples-least wants 40",
                "model version 7 reaches balanced-accuracy 0.9000 on 12 validation examples, which"
                    + " is enough to use it here")),
        advised());
    train = 0;
    assertEquals(Advice.NOT_YET, advised().advice(), "nothing to fit it to the site with");
  }

  @Test
  void tooFewTrainingExamplesAreNotYetWhereTheModelIsNotGoodEnoughHere() {
    train = 39;
    worth = Optional.of(POOR);
    assertNotYet(
        "39 training examples, rounds.examples-least wants 40",
        "model version 7 reaches balanced-accuracy 0.4500 on 12 validation examples, needed is"
            + " above 0.5 here");
  }

  @Test
  void labelsThatAreAllAlikeKeepASiteFromContributingButNotFromUsingAGoodModel() {
    alike = true;
    String reason =
        "the training labels say the same of every part, so there is nothing to tell apart";
    assertNotYet(reason, "there is no global model here yet that could be used in the meantime");
    worth = Optional.of(GOOD);
    assertEquals(Advice.FINE_TUNE, advised().advice());
    assertEquals(reason, advised().reasons().get(0));
  }

  @Test
  void aSiteThatIsFarFromTheFederationDoesNotContributeAndIsToldWhy() {
    apart = Optional.of("force: mean 900 here, 1 in the federation");
    assertNotYet(
        "force: mean 900 here, 1 in the federation",
        "there is no global model here yet that could be used in the meantime");
    worth = Optional.of(GOOD);
    assertEquals(Advice.FINE_TUNE, advised().advice());
    assertEquals("force: mean 900 here, 1 in the federation", advised().reasons().get(0));
  }

  @Test
  void anOwnerWhoLetsNoStatisticsLeaveIsToldSo() {
    policy = Optional.of("policy, statistics.leave = false");
    assertNotYet(
        "policy, statistics.leave = false",
        "there is no global model here yet that could be used in the meantime");
  }

  @Test
  void whatIsMissingIsToldInOneGo() {
    validation = 0;
    train = 0;
    blocked = List.of("a prediction takes 9 ms");
    assertNotYet(
        "0 validation examples, 10 are needed to tell what a model is worth here",
        "a prediction takes 9 ms",
        "0 training examples, rounds.examples-least wants 40");
  }
}
