// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.coordinator.ModelRegistry.Change;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.api.coordinator.ModelRegistry.Version;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;

/** How far versions get, and how they go out. */
class ModelDeskTest {
  private static final String PERSON = "press 2 3 person 0";
  private static final String STAGED = "press 2 3 person 0 staged";

  private static Bench finished(String task) throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit(task);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    return bench;
  }

  private static List<State> states(Bench bench) {
    return bench.facts().versions().stream().map(Version::state).toList();
  }

  private static Version version(Bench bench, int number) {
    return bench.facts().versions().get(number);
  }

  private static ModelRegistry.Rollout rollout(Bench bench) {
    return bench.facts().rollout().orElseThrow();
  }

  private static void order(Bench bench, ModelOrder.Kind kind, int version) throws Exception {
    bench.desk.order(bench.task, new ModelOrder(kind, version, "ann", ""));
    bench.settle();
  }

  private static String refusal(Bench bench, ModelOrder.Kind kind, int version) {
    ModelOrder order = new ModelOrder(kind, version, "ann", "");
    return assertThrows(RefusedException.class, () -> bench.desk.order(bench.task, order))
        .getMessage();
  }

  private static void promoted(Bench bench, int version) throws Exception {
    order(bench, ModelOrder.Kind.APPROVE, version);
    order(bench, ModelOrder.Kind.PROMOTE, version);
  }

  private static void running(Bench bench, String site, long predictions, double alarms)
      throws Exception {
    bench.site(site).running(predictions, 0, alarms);
    bench.settle();
  }

  /** What each site was assigned last, east, north and west. */
  private static List<Integer> assigned(Bench bench) {
    return bench.sites.values().stream()
        .map(site -> site.assignments.get(site.assignments.size() - 1))
        .map(each -> each.model().map(ModelReference::version).orElse(-1))
        .toList();
  }

  @Test
  void aTaskWithoutPromotionMakesEachVersionActiveByItsRoundsAndTheBestInTheEnd() throws Exception {
    Bench bench = finished("press 2 3");
    assertEquals(List.of(State.RETIRED, State.RETIRED, State.ACTIVE), states(bench));
    List<Change> changes = version(bench, 1).changes();
    assertEquals(
        List.of(State.CANDIDATE, State.ACTIVE, State.RETIRED),
        changes.stream().map(Change::state).toList());
    assertEquals("the task's rounds", changes.get(1).by());
    assertEquals("version 2 is active", changes.get(2).why());
    assertEquals(Optional.empty(), bench.facts().rollout());
    assertTrue(bench.site("east").assignments.isEmpty(), "its plans say what it deploys");
    assertTrue(refusal(bench, ModelOrder.Kind.PROMOTE, 1).contains("has no group promotion"));
  }

  @Test
  void nothingIsDeployedBeforeAPersonApprovedAndPromotedIt() throws Exception {
    Bench bench = finished(PERSON);
    assertEquals(List.of(State.CANDIDATE, State.CANDIDATE, State.CANDIDATE), states(bench));
    assertTrue(bench.sites.values().stream().allMatch(site -> site.deployed == null));
    assertTrue(bench.site("east").plans.stream().noneMatch(Body.Plan::committed));
    assertTrue(bench.site("east").plans.stream().noneMatch(p -> p.request().equals("deploy")));
    assertTrue(refusal(bench, ModelOrder.Kind.PROMOTE, 2).contains("approve it first"));
    assertTrue(refusal(bench, ModelOrder.Kind.APPROVE, 0).contains("no round has judged it"));
    assertTrue(refusal(bench, ModelOrder.Kind.APPROVE, 7).contains("has no version 7"));
    assertTrue(refusal(bench, ModelOrder.Kind.BACK, 0).contains("none was active"));

    promoted(bench, 1);
    Digest first = version(bench, 1).model().digest();
    assertTrue(bench.sites.values().stream().allMatch(site -> first.equals(site.deployed)));
    assertEquals(List.of(State.CANDIDATE, State.ACTIVE, State.CANDIDATE), states(bench));
    Change approved = version(bench, 1).changes().get(1);
    assertEquals("ann", approved.by());
    assertEquals(State.APPROVED, approved.state());

    promoted(bench, 2);
    assertEquals(List.of(2, 2, 2), assigned(bench));
    order(bench, ModelOrder.Kind.BACK, 0);
    assertEquals(List.of(1, 1, 1), assigned(bench));
    assertEquals(List.of(State.CANDIDATE, State.ACTIVE, State.RETIRED), states(bench));
    assertEquals(
        List.of("approve", "promote", "approve", "promote", "back"),
        new AuditTrail(bench.storage.journal("coordinator/audit"), 10, bench.ports().clock())
            .lines().stream().map(line -> line.split(": ")[1].split(" ")[0]).toList());
  }

  @Test
  void aRulePromotesWhatKeepsItsBoundAtEverySiteAndSaysWhyNot() throws Exception {
    // 200 examples at each site; version n has 100 + n right.
    Bench bench = finished("press 3 3 rule 0.51");
    assertEquals(
        List.of(State.CANDIDATE, State.CANDIDATE, State.RETIRED, State.ACTIVE), states(bench));
    assertEquals(List.of(3, 3, 3), assigned(bench));
    assertEquals("its bytes are kept no more", version(bench, 1).note());
    assertEquals(
        "accuracy does not keep 0.51 at every site: east 0.5050, north 0.5050, west 0.5050",
        version(finished("press 1 3 rule 0.51"), 1).note());
    Change approved = version(bench, 2).changes().get(1);
    assertEquals("the rule", approved.by());
    assertEquals("accuracy keeps 0.51 at every site", approved.why());
    assertEquals(0.51, version(bench, 2).sites().get("west"));
  }

  @Test
  void aVersionGoesToTheCanaryFirstAndToTheOthersAfterItsGate() throws Exception {
    Bench bench = finished(STAGED);
    promoted(bench, 1);
    assertEquals(1, bench.site("east").assignments.size());
    assertTrue(bench.site("north").assignments.isEmpty());
    assertEquals(State.APPROVED, version(bench, 1).state());
    assertEquals("east: has not said yet that it follows", rollout(bench).waitsFor());

    running(bench, "east", 19, 0.1);
    assertEquals("east: 19 of 20 predictions", rollout(bench).waitsFor());
    assertTrue(bench.site("north").assignments.isEmpty());

    running(bench, "east", 20, 0.1);
    assertEquals(2, rollout(bench).wave());
    assertEquals(List.of(1, 1, 1), assigned(bench));
    running(bench, "north", 30, 0.1);
    running(bench, "west", 30, 0.5);
    assertEquals(State.ACTIVE, version(bench, 1).state());
    assertEquals("ann", version(bench, 1).changes().get(2).by());
    assertEquals(0, rollout(bench).wave());
  }

  @Test
  void aBreachTakesTheVersionBackAtOnceAndForGood() throws Exception {
    Bench bench = finished(STAGED);
    promoted(bench, 1);
    for (String site : List.of("east", "north", "west")) {
      running(bench, site, 40, 0.1);
    }
    assertEquals(State.ACTIVE, version(bench, 1).state());
    promoted(bench, 2);
    assertEquals(List.of(2, 1, 1), assigned(bench));
    running(bench, "east", 5, 1.0);
    assertEquals(2, rollout(bench).version(), "five predictions are no evidence");
    running(bench, "east", 20, 0.75);

    assertEquals(List.of(1, 1, 1), assigned(bench));
    assertEquals(List.of(State.CANDIDATE, State.ACTIVE, State.RETIRED), states(bench));
    Change back = version(bench, 2).changes().get(2);
    assertEquals("the gate", back.by());
    assertEquals("east: alarms are 0.7500 of 20 predictions; alarm-rate allows 0.5000", back.why());
    StatusLine line = ModelStatus.of(bench.facts()).orElseThrow();
    assertEquals(StatusLine.State.DEGRADED, line.state());
    assertTrue(line.detail().contains("version 2 was taken back by the gate"), line.detail());
    bench.restart();
    bench.settle();
    assertEquals(List.of(1, 1, 1), assigned(bench));
  }

  @Test
  void aPartThatCannotBePredictedIsABreachByItselfAndTheFirstVersionIsWithdrawn() throws Exception {
    Bench bench = finished(STAGED);
    promoted(bench, 2);
    bench.site("east").running(0, 1, 0);
    bench.settle();
    assertEquals(State.RETIRED, version(bench, 2).state());
    assertEquals(Optional.empty(), bench.site("east").assignments.get(1).model());
    assertTrue(bench.site("north").assignments.stream().allMatch(each -> each.model().isEmpty()));
  }

  @Test
  void aPersonLetsARolloutPassItsGateOrTakesItBack() throws Exception {
    Bench bench = finished(STAGED);
    assertTrue(refusal(bench, ModelOrder.Kind.PASS, 0).contains("no version goes out"));
    promoted(bench, 1);
    assertTrue(refusal(bench, ModelOrder.Kind.PROMOTE, 2).contains("goes out now"));
    assertTrue(refusal(bench, ModelOrder.Kind.RETIRE, 1).contains("--back"));
    order(bench, ModelOrder.Kind.PASS, 0);
    assertEquals(List.of(1, 1, 1), assigned(bench));
    order(bench, ModelOrder.Kind.BACK, 0);
    assertEquals(List.of(-1, -1, -1), assigned(bench));
    assertEquals(State.RETIRED, version(bench, 1).state());
    order(bench, ModelOrder.Kind.PROMOTE, 1);
    assertEquals(1, rollout(bench).version(), "a person may try a retired version again");
    order(bench, ModelOrder.Kind.RETIRE, 2);
    assertEquals(State.RETIRED, version(bench, 2).state());
  }

  @Test
  void aRolloutGoesOnWhereARestartOfTheCoordinatorMetIt() throws Exception {
    Bench bench = finished(STAGED);
    promoted(bench, 1);
    running(bench, "east", 20, 0.1);
    bench.restart();
    bench.settle();
    assertEquals(2, rollout(bench).wave());
    for (String site : List.of("east", "north", "west")) {
      running(bench, site, 20, 0.1);
    }
    assertEquals(State.ACTIVE, version(bench, 1).state());
    long revision = bench.site("west").assignments.get(0).revision();
    assertTrue(bench.site("west").assignments.stream().allMatch(a -> a.revision() >= revision));
  }

  @Test
  void aSiteThatRunsAnotherModelThanAssignedIsToldAgain() throws Exception {
    Bench bench = finished(PERSON);
    promoted(bench, 1);
    int told = bench.site("north").assignments.size();
    bench.pass(Duration.ofSeconds(5));
    bench.site("north").deployed = null;
    running(bench, "north", 0, 0);
    assertEquals(told + 1, bench.site("north").assignments.size());
    running(bench, "north", 5, 0);
    assertEquals(told + 1, bench.site("north").assignments.size());
  }

  @Test
  void bytesOfTheActiveVersionAreKeptWhileNewerOnesCome() throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit("press 6 3 person 0");
    while (bench.facts().versions().size() < 2 && bench.deliverOne()) {
      assertFalse(bench.facts().run().state().equals("finished"));
    }
    bench.desk.order(bench.task, new ModelOrder(ModelOrder.Kind.APPROVE, 1, "ann", ""));
    bench.desk.order(bench.task, new ModelOrder(ModelOrder.Kind.PROMOTE, 1, "ann", ""));
    bench.settle();
    assertEquals(
        List.of(false, true, false, false, false, true, true),
        bench.facts().versions().stream().map(Version::kept).toList());
    bench.restart();
    bench.settle();
    assertEquals(1, rollout(bench).active());
    assertTrue(version(bench, 1).kept());
    assertTrue(refusal(bench, ModelOrder.Kind.APPROVE, 3).contains("are kept no more"));
  }

  @Test
  void aCardTellsOriginDataAndMetricsAndNeverChanges() throws Exception {
    Bench bench = finished("press 2 3");
    String card = version(bench, 1).card();
    assertTrue(card.startsWith("# press, version 1\n"), card);
    for (String line :
        List.of(
            "| east | 600 |",
            "| all | 2100 |",
            "| good | 600 | 1 |",
            "| site | good | bad |",
            "| west | 200 | 0 |",
            "| west | 200 | 0.5050 | 0.5050 | 0.2500 | 0 | 0.6711 | 0 | 0 |",
            "| all, summed | 600 | 0.5050 | 0.5050 | 0.2500 | 0 | 0.6711 | 0 | 0 |",
            "- model: " + version(bench, 1).model().digest().hex(),
            "- made from: " + version(bench, 0).model().digest().hex())) {
      assertTrue(card.contains(line + "\n"), line + " is not in\n" + card);
    }
    assertTrue(version(bench, 0).card().contains("no round has judged this version"));
    bench.restart();
    bench.settle();
    assertEquals(card, version(bench, 1).card());
  }
}
