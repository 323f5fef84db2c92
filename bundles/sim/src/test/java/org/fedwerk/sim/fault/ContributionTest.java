// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.site.internal.SiteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites whose owners do, or do not, let others get models of single updates. */
@Timeout(120)
class ContributionTest {
  private static final String ROUNDS = "max: 2, least: 2, patience: 5, stall: 30m, ";
  private static final String GROUP = "contribution: {of: [leave-one-out, matrix]}\n";
  private static final Duration LIMIT = Duration.ofHours(1);

  private final VirtualFederation federation =
      new VirtualFederation(VirtualFederation.Setup.plain());

  private TaskFacts task() {
    return federation.tasks().get(0);
  }

  private boolean isFinished() {
    return federation.tasks().stream().anyMatch(each -> each.run().state().equals("finished"));
  }

  private void finish() {
    assertTrue(federation.run(LIMIT, this::isFinished), () -> "tasks " + federation.tasks());
  }

  private RoundRecord search() {
    return task().rounds().stream()
        .filter(round -> round.protocol().equals("contribution"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSiteWhoseOwnerDoesNotAllowItTakesNoPartAndSaysWhichKeyIsOff() {
    federation.policy("a", SiteSettings::allowingContribution);
    federation.policy("b", SiteSettings::allowingContribution);
    federation.start();
    federation.submit(Bench.task(1, ROUNDS + "cohort-least: 2, quorum: 2", GROUP));
    finish();
    assertTrue(
        task().rounds().stream().allMatch(round -> round.cohort().equals(List.of("a", "b"))));
    assertEquals(Set.of("a", "b"), found().leaveOneOut().keySet());
  }

  private Contributions found() {
    return Contributions.of(search()).orElseThrow();
  }

  @Test
  void aTaskThatNeedsTheSiteWaitsUntilItsOwnerAllowsIt() {
    for (String site : List.of("a", "b")) {
      federation.policy(site, SiteSettings::allowingContribution);
    }
    federation.start();
    federation.submit(Bench.task(1, ROUNDS + "cohort-least: 3, quorum: 3", GROUP));
    var unused = federation.run(Duration.ofMinutes(1), () -> false);
    assertEquals("waiting for sites", task().run().state());
    String why = task().run().waitingFor().get("c");
    assertTrue(why.startsWith("not willing: contribution.allowed = false"), why);

    federation.kill("c");
    federation.policy("c", SiteSettings::allowingContribution);
    federation.start();
    finish();
    assertEquals(Set.of("a", "b", "c"), found().matrix().keySet());
    found().matrix().values().forEach(row -> assertEquals(Set.of("a", "b", "c"), row.keySet()));
    assertEquals(
        List.of("train", "train", "contribution", "final"),
        task().rounds().stream().map(RoundRecord::protocol).toList());
  }

  @Test
  void aCoordinatorThatIsKilledAmongTheModelsGoesOnWithTheSameFigures() {
    List<String> sites = List.of("a", "b", "c");
    sites.forEach(site -> federation.policy(site, SiteSettings::allowingContribution));
    federation.start();
    String yaml = Bench.task(1, ROUNDS + "cohort-least: 3, quorum: 3", GROUP);
    federation.submit(yaml);
    assertTrue(
        federation.run(
            LIMIT,
            () ->
                federation.tasks().stream()
                    .anyMatch(each -> each.status().detail().contains("model 3 of 7"))));
    federation.kill(VirtualNetwork.COORDINATOR);
    federation.start();
    finish();
    VirtualFederation undisturbed = new VirtualFederation(VirtualFederation.Setup.plain());
    sites.forEach(site -> undisturbed.policy(site, SiteSettings::allowingContribution));
    undisturbed.start();
    undisturbed.submit(yaml);
    assertTrue(
        undisturbed.run(
            LIMIT,
            () ->
                undisturbed.tasks().stream()
                    .anyMatch(each -> each.run().state().equals("finished"))));
    assertEquals(undisturbed.tasks().get(0).rounds().get(2).metrics(), search().metrics());
  }
}
