// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.store.Storage;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

/** A coordinator that was restored from a backup older than what its sites know. */
class RestoredTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String HQ = VirtualNetwork.COORDINATOR;
  private static final String TASK =
      Bench.task(1, "max: 5, least: 5, patience: 9, cohort-least: 3, quorum: 3, stall: 30m");

  /** Its first round tells statistics, and makes version 1. */
  private static final String STANDARDISED =
      Bench.task(
          1,
          "max: 5, least: 5, patience: 9, cohort-least: 3, quorum: 3, stall: 30m",
          "normalisation: federated\n");

  /** How the coordinator finds its disk. */
  private final AtomicReference<UnaryOperator<Storage>> disk =
      new AtomicReference<>(UnaryOperator.identity());

  private final AtomicLong noise = new AtomicLong();
  private boolean noisy;

  private VirtualFederation federation() {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    WalkEngine engine = new WalkEngine(() -> noisy ? noise.incrementAndGet() : 0);
    VirtualFederation federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                plain.sites(),
                site -> engine,
                plain.aggregator(),
                plain.weather(),
                plain.work(),
                plain.watch(),
                actor -> storage -> actor.equals(HQ) ? disk.get().apply(storage) : storage,
                plain.link(),
                plain.restart()));
    plain.sites().forEach(site -> federation.policy(site, SiteSettings::withStatistics));
    return federation;
  }

  private static Map<Integer, String> models(VirtualFederation federation) {
    Map<Integer, String> models = new TreeMap<>();
    for (ModelVersion model : federation.tasks().get(0).models()) {
      models.put(model.version(), model.digest().hex());
    }
    return models;
  }

  private static boolean finished(VirtualFederation federation) {
    List<TaskFacts> tasks = federation.tasks();
    return !tasks.isEmpty() && tasks.get(0).run().state().equals("finished");
  }

  private static boolean trains(VirtualFederation federation, int round) {
    return !federation.tasks().isEmpty()
        && federation.tasks().get(0).run().round() == round
        && federation.tasks().get(0).run().phase().equals("train");
  }

  /** The best version is tested and deployed, which may be an old one. */
  private static boolean inFinal(VirtualFederation federation) {
    return !federation.tasks().isEmpty()
        && List.of("test", "deploy").contains(federation.tasks().get(0).run().phase());
  }

  private static String deployed(VirtualFederation federation) {
    return federation.sites().values().stream()
        .map(views -> views.get(0).deployed().orElseThrow().hex())
        .distinct()
        .reduce((a, b) -> a + " and " + b)
        .orElseThrow();
  }

  /** Runs into round 2, takes a backup, goes on into round 4, and restores the backup. */
  private VirtualFederation restored() throws IOException {
    return restored(TASK);
  }

  private VirtualFederation restored(String task) throws IOException {
    VirtualFederation federation = federation();
    restore(federation, task, () -> trains(federation, 2), 4);
    return federation;
  }

  private void restore(
      VirtualFederation federation, String task, BooleanSupplier backedUp, int until)
      throws IOException {
    federation.start();
    federation.submit(task);
    assertTrue(federation.run(LIMIT, backedUp));
    ByteArrayOutputStream backup = new ByteArrayOutputStream();
    federation.disk(HQ).save(new DataOutputStream(backup));
    assertTrue(federation.run(LIMIT, () -> trains(federation, until)));
    String newest = models(federation).get(until - 1);
    assertTrue(federation.run(LIMIT, () -> deployed(federation).equals(newest)));
    federation.kill(HQ);
    federation.disk(HQ).load(new DataInputStream(new ByteArrayInputStream(backup.toByteArray())));
    disk.set(storage -> new LaterEpoch(storage, 2, true));
  }

  @Test
  void theModelThatItsSitesRunIsAdoptedAndNoSiteGoesBack() throws Exception {
    VirtualFederation undisturbed = federation();
    undisturbed.start();
    undisturbed.submit(TASK);
    assertTrue(undisturbed.run(LIMIT, () -> finished(undisturbed)));
    Map<Integer, String> expected = models(undisturbed);

    VirtualFederation federation = restored();
    String before = deployed(federation);
    assertEquals(expected.get(3), before);
    federation.start();
    assertTrue(
        federation.run(
            LIMIT,
            () -> {
              boolean judged = inFinal(federation);
              for (String old : List.of(expected.get(0), expected.get(1))) {
                assertTrue(
                    judged || !deployed(federation).contains(old), "no site goes back by itself");
              }
              return judged;
            }),
        federation.tasks().toString());
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    // Version 2 was made after the backup, and nobody runs it any more. Later versions are trained
    // in
    // rounds of other numbers than they would have been, so with other seeds.
    Map<Integer, String> models = models(federation);
    assertEquals(List.of(0, 1, 3, 4, 5), List.copyOf(models.keySet()));
    for (int version : List.of(0, 1, 3)) {
      assertEquals(expected.get(version), models.get(version));
    }
    assertEquals(
        List.of("aborted", "tried again"),
        federation.tasks().get(0).acts().stream().map(act -> act.what()).toList());
    assertTrue(
        federation.tasks().get(0).acts().get(0).toString().contains("model version 3 of sites"),
        federation.tasks().get(0).acts().toString());
  }

  /** Whose model is whose only the coordinator keeps with a version, but each site has its own. */
  @Test
  void sitesThatWerePartedKeepTheirModelsAfterTheAdoptedVersion() throws Exception {
    String rounds = "max: 5, least: 5, patience: 9, cohort-least: 3, quorum: 3, stall: 30m";
    String split = "local: {clusters: 2, split: {mean: 1, largest: 0.001, similarity: 1}}\n";
    VirtualFederation federation = restored(Bench.task(1, rounds, split));
    Map<String, String> before = clusters(federation);
    assertEquals(2, before.values().stream().distinct().count(), before.toString());
    federation.start();
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(List.of(0, 1, 3, 4, 5), List.copyOf(models(federation).keySet()));
    assertTrue(federation.run(LIMIT, () -> !deployed(federation).contains(" ")));
    assertEquals(before, clusters(federation));
  }

  /** Which cluster's model each site runs. */
  private static Map<String, String> clusters(VirtualFederation federation) {
    Map<String, String> clusters = new TreeMap<>();
    federation
        .sites()
        .forEach(
            (site, views) ->
                clusters.put(
                    site, views.get(0).running().replaceFirst(".*(cluster \\d+).*", "$1")));
    return clusters;
  }

  @Test
  void trainingsThatRepeatNothingGoOnFromTheAdoptedModelToo() throws Exception {
    noisy = true;
    VirtualFederation federation = restored();
    String before = deployed(federation);
    federation.start();
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(before, models(federation).get(3));
    assertTrue(models(federation).keySet().containsAll(List.of(0, 1, 3, 4, 5)));
    assertTrue(
        federation.run(Duration.ofSeconds(30), () -> !deployed(federation).contains(" ")),
        deployed(federation));
  }

  @Test
  void aSiteThatIsAwayIsWaitedForUntilAPersonSaysToGoOn() throws Exception {
    VirtualFederation federation = restored();
    federation.network().cut("c", true);
    federation.start();
    assertTrue(
        federation.run(
            LIMIT,
            () ->
                !federation.tasks().isEmpty()
                    && federation
                        .tasks()
                        .get(0)
                        .status()
                        .detail()
                        .startsWith("restored from a backup; waits for sites [c]")),
        federation.tasks().toString());
    federation.order(new Orders.Order(Orders.Kind.RESUME, "ops", ""));
    federation.network().cut("c", false);
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), List.copyOf(models(federation).keySet()));
  }

  @Test
  void sitesThatConnectBeforeTheyHearOfTheLaterEpochAreAskedForTheirModel() throws Exception {
    VirtualFederation federation = restored();
    String before = deployed(federation);
    List<String> sites = List.copyOf(federation.sites().keySet());
    sites.forEach(site -> federation.network().cut(site, true));
    federation.start();
    assertFalse(federation.run(Duration.ofSeconds(5), () -> finished(federation)));
    // The broker is a new one, too, and keeps nothing for who has never been there.
    sites.forEach(federation.network()::forget);
    sites.forEach(site -> federation.network().cut(site, false));
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(before, models(federation).get(3));
    assertEquals(List.of(0, 1, 3, 4, 5), List.copyOf(models(federation).keySet()));
  }

  @Test
  void aRestoredCoordinatorThatIsKilledWhileItAsksIsToldAgain() throws Exception {
    VirtualFederation federation = restored();
    String before = deployed(federation);
    federation.network().cut("c", true);
    federation.start();
    assertFalse(federation.run(Duration.ofSeconds(30), () -> finished(federation)));
    federation.kill(HQ);
    federation.start();
    assertFalse(federation.run(Duration.ofSeconds(30), () -> finished(federation)));
    federation.network().cut("c", false);
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(before, models(federation).get(3));
    assertEquals(List.of(0, 1, 3, 4, 5), List.copyOf(models(federation).keySet()));
  }

  @Test
  void withNothingLostTheTaskGoesOnAtOnce() throws Exception {
    VirtualFederation federation = federation();
    federation.start();
    federation.submit(TASK);
    assertTrue(federation.run(LIMIT, () -> trains(federation, 3)));
    federation.kill(HQ);
    disk.set(storage -> new LaterEpoch(storage, 2, true));
    federation.start();
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), List.copyOf(models(federation).keySet()));
    assertEquals(List.of(), federation.tasks().get(0).acts());
  }

  private TaskFacts undisturbed(String task) {
    VirtualFederation federation = federation();
    federation.start();
    federation.submit(task);
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    return federation.tasks().get(0);
  }

  private static List<Moments> statistics(VirtualFederation federation, byte[] plan, Address to) {
    try {
      return ((Body.Plan) federation.sealed("a").open(to, plan).body()).model().statistics();
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused);
    }
  }

  /**
   * The lost rounds as they were, and those after the restore: every model is the sum of the
   * replies to its round from the model before, and has the statistics of the first.
   */
  private void assertGoesOnStandardised(Predicate<VirtualFederation> backedUp, int until)
      throws Exception {
    TaskFacts lost = undisturbed(STANDARDISED);
    VirtualFederation federation = federation();
    Replies replies = new Replies(federation.sealed(HQ));
    Set<List<Moments>> told = new HashSet<>();
    federation
        .network()
        .observe(
            (from, address, payload) -> {
              replies.sent(address, payload);
              if (address.kind() == Kind.PLAN && address.branch() == Address.Branch.ALL) {
                told.add(statistics(federation, payload, address));
              }
            });
    restore(federation, STANDARDISED, () -> backedUp.test(federation), until);
    String before = deployed(federation);
    federation.start();
    assertTrue(federation.run(LIMIT, () -> finished(federation)), federation.tasks().toString());
    TaskFacts task = federation.tasks().get(0);
    int adopted = until - 1;
    assertEquals(lost.models().get(adopted).digest().hex(), before);
    assertEquals(before, models(federation).get(adopted));
    List<RoundRecord> rounds = new ArrayList<>(lost.rounds().subList(0, adopted));
    task.rounds().stream().filter(round -> round.round() > adopted).forEach(rounds::add);
    List<ModelVersion> models = new ArrayList<>(lost.models().subList(0, until));
    task.models().stream().filter(model -> model.version() > adopted).forEach(models::add);
    assertTrue(models.size() > until, models.toString());
    assertEquals(
        List.of(), replies.differences(new YamlTaskReader().read(STANDARDISED), rounds, models));
    told.remove(List.of());
    assertEquals(1, told.size(), "a model has other statistics than the first");
    String last = rounds.get(rounds.size() - 1).model().hex();
    assertTrue(
        federation.run(Duration.ofSeconds(30), () -> deployed(federation).equals(last)),
        deployed(federation));
  }

  @Test
  void anAdoptedModelHasTheStatisticsThatItWasTrainedWith() throws Exception {
    assertGoesOnStandardised(federation -> trains(federation, 3), 5);
  }

  /** The backup knows nothing of them; those of the adopted model stay. */
  @Test
  void theyAreKeptThoughTheBackupIsFromBeforeTheyWereMerged() throws Exception {
    assertGoesOnStandardised(
        federation ->
            !federation.tasks().isEmpty()
                && federation.tasks().get(0).run().phase().equals("statistics"),
        4);
  }
}
