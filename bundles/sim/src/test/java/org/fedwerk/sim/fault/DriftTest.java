// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.site.internal.SiteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites whose parts change when their task has ended. */
@Timeout(120)
class DriftTest {
  private static final int WINDOW = 12;
  private static final int ENDED = 3;
  private static final Set<String> SITES = Set.of("a", "b", "c");

  private final VirtualFederation federation =
      new VirtualFederation(VirtualFederation.Setup.plain());
  private final Map<String, String> shown = new ConcurrentHashMap<>();
  private long part;

  /** What SCADA reads beside the states. */
  private final class Shown implements PredictionSink {
    private final String site;

    Shown(String site) {
      this.site = site;
    }

    @Override
    public void state(
        String task, DeploymentState deployment, LearningState learning, String detail) {
      shown.put(site, detail);
    }

    @Override
    public void publish(Prediction prediction) {
      // The test looks at states.
    }
  }

  private void learn() {
    learn("0s", "");
  }

  private void learn(String rest, String groups) {
    SITES.forEach(site -> federation.show(site, new Shown(site)));
    federation.start();
    federation.submit(
        Bench.task(
            1,
            "max: 2, least: 2, patience: 5, cohort-least: 3, quorum: 3, stall: 30m",
            "drift: {method: ks, significance: 0.01, window: "
                + WINDOW
                + ", quorum: 2, rounds: 3, rest: "
                + rest
                + "}\n"
                + groups));
    awaitEnd(ENDED);
  }

  /** The end, and that sites have taken down what parts are compared with. */
  private void awaitEnd(int rounds) {
    await(() -> isEnded(rounds));
    var unused = federation.run(Duration.ofSeconds(5), () -> false);
  }

  private void await(BooleanSupplier until) {
    assertTrue(federation.run(Duration.ofHours(1), until), () -> "tasks " + federation.tasks());
  }

  private TaskFacts task() {
    return federation.tasks().get(0);
  }

  private boolean isEnded(int rounds) {
    return federation.tasks().stream()
        .anyMatch(
            task ->
                task.run().state().equals("finished")
                    && task.rounds().size() == rounds
                    && deployed().values().stream().allMatch(Optional.of(last(task))::equals));
  }

  private static Digest last(TaskFacts task) {
    return task.rounds().get(task.rounds().size() - 1).model();
  }

  private Map<String, Optional<Digest>> deployed() {
    Map<String, Optional<Digest>> all = new TreeMap<>();
    federation
        .sites()
        .forEach(
            (site, views) ->
                all.put(
                    site,
                    views.stream().findFirst().map(TaskView::deployed).orElse(Optional.empty())));
    return all;
  }

  /** A window of parts at every site, shifted at some. */
  private void window(Set<String> moved) {
    for (int i = 0; i < WINDOW; i++) {
      part++;
      for (String site : SITES) {
        federation.predict(site, (moved.contains(site) ? Bench.SHIFTED : 0) + part);
      }
    }
    var unused = federation.run(Duration.ofSeconds(5), () -> false);
  }

  private List<String> protocols() {
    return task().rounds().stream().map(RoundRecord::protocol).toList();
  }

  @Test
  void partsLikeThoseOfTheTrainingAskForNothing() {
    learn();
    for (int i = 0; i < 5; i++) {
      window(Set.of());
    }
    assertEquals(List.of("train", "train", "final"), protocols());
    assertEquals("finished after 3 rounds", task().status().detail());
    SITES.forEach(
        site ->
            assertTrue(
                shown.get(site).endsWith("no drift in the last 12 parts by ks"), shown.get(site)));
  }

  @Test
  void oneSiteAloneAsksAndAQuorumGetsRounds() {
    learn();
    window(Set.of("a"));
    assertEquals(List.of("train", "train", "final"), protocols());
    String detail = task().status().detail();
    assertTrue(detail.contains("1 of the 2 sites that must have asked for rounds"), detail);
    assertTrue(detail.contains("a=ks inputs.drifted 2.00 inputs.most 1.00"), detail);
    assertTrue(shown.get("a").contains("force 1.00 above"), shown.get("a"));
    assertTrue(shown.get("a").endsWith("; asks for rounds"), shown.get("a"));

    window(Set.of("a", "b"));
    awaitEnd(ENDED + 4);
    assertEquals(
        List.of("train", "train", "final", "train", "train", "train", "final"), protocols());
    List<Integer> versions = task().models().stream().map(ModelVersion::version).toList();
    assertEquals(List.of(0, 1, 2, 4, 5, 6), versions, "round 3 made no model");
    ModelVersion best = version(task().rounds().get(2).model());
    assertEquals(best.digest(), task().models().get(3).base(), "rounds go on from the best");
    assertTrue(version(last(task())).version() >= 4, "what was judged before counts no more");
  }

  private Map<String, Double> clusters(int round) {
    Map<String, Double> clusters = new TreeMap<>(task().rounds().get(round - 1).metrics());
    clusters.keySet().retainAll(Set.of("cluster.a", "cluster.b", "cluster.c"));
    return clusters;
  }

  @Test
  void sitesThatWerePartedAreSoInTheVersionThatRoundsGoOnFrom() {
    learn("0s", "local: {clusters: 2, split: {mean: 1, largest: 0.001, similarity: 1}}\n");
    Map<String, Double> parted = clusters(1);
    assertEquals(2, Set.copyOf(parted.values()).size(), parted.toString());
    window(Set.of("a", "b"));
    awaitEnd(ENDED + 4);
    for (int round : List.of(2, ENDED + 1, ENDED + 3)) {
      assertEquals(parted, clusters(round), "round " + round);
    }
  }

  private ModelVersion version(Digest digest) {
    return task().models().stream()
        .filter(each -> each.digest().equals(digest))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTaskGoesOnAsOftenAsDriftIsFoundAnew() {
    learn();
    window(Set.of("a", "b"));
    awaitEnd(ENDED + 4);
    window(Set.of());
    assertEquals(ENDED + 4, task().rounds().size());
    window(Set.of("b", "c"));
    awaitEnd(ENDED + 8);
  }

  /** They ask every ten minutes while their parts drift. */
  @Test
  void betweenTwoTimesTheTaskRestsAndThenGoesOnIfSitesStillAsk() {
    learn("25m", "");
    window(Set.of("a", "b"));
    awaitEnd(ENDED + 4);
    window(Set.of("b", "c"));
    assertFalse(federation.run(Duration.ofMinutes(24), () -> task().rounds().size() > ENDED + 4));
    String detail = task().status().detail();
    assertTrue(detail.contains("; drift opens no rounds for another "), detail);
    assertTrue(detail.endsWith(" min (drift.rest)"), detail);
    await(() -> task().rounds().size() > ENDED + 4);
    awaitEnd(ENDED + 8);
  }

  @Test
  void aRestartOfTheCoordinatorBeginsTheRestAnew() {
    learn("15m", "");
    window(Set.of("a", "b"));
    awaitEnd(ENDED + 4);
    window(Set.of("b", "c"));
    assertFalse(federation.run(Duration.ofMinutes(12), () -> task().rounds().size() > ENDED + 4));
    federation.kill(VirtualNetwork.COORDINATOR);
    federation.start();
    assertFalse(
        federation.run(
            Duration.ofMinutes(12),
            () -> !federation.tasks().isEmpty() && task().rounds().size() > ENDED + 4));
    await(() -> task().rounds().size() > ENDED + 4);
    awaitEnd(ENDED + 8);
  }

  @Test
  void anOwnerMayForbidToAsk() {
    federation.policy("a", SiteSettings::withoutDriftRequests);
    federation.policy("b", SiteSettings::withoutDriftRequests);
    learn();
    window(SITES);
    assertTrue(shown.get("a").contains("drift in the last 12 parts by ks: "), shown.get("a"));
    assertTrue(shown.get("a").endsWith("asks for no rounds: drift.requests = false"));
    String detail = task().status().detail();
    assertTrue(detail.contains("{c=ks"), detail);
    assertTrue(detail.contains("1 of the 2 sites"), detail);
    assertEquals(List.of("train", "train", "final"), protocols());
  }

  @Test
  void aTaskWhoseNameAnotherHasDoesNotGoOn() {
    learn();
    window(Set.of("a"));
    federation.submit(
        Bench.task(2, "max: 9, least: 9, patience: 9, cohort-least: 4, quorum: 3, stall: 30m"));
    await(() -> federation.tasks().size() == 2);
    window(Set.of("a", "b"));
    assertEquals(List.of("train", "train", "final"), protocols());
    assertEquals("finished", task().run().state());
  }

  @Test
  void aKilledSiteAsksAgainAndAKilledCoordinatorRemembersWhoAsked() {
    learn();
    window(Set.of("a"));
    federation.kill("a");
    federation.kill(VirtualNetwork.COORDINATOR);
    federation.start();
    await(() -> !federation.tasks().isEmpty());
    window(Set.of("b"));
    awaitEnd(ENDED + 4);
  }
}
