// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites that standardise by the same statistics, on virtual time. */
@Timeout(120)
class StatisticsTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String TASK = task(2);

  private static String task(int sites) {
    String rounds = "max: 3, least: 3, patience: 5, quorum: 2, stall: 30s, cohort-least: " + sites;
    return Bench.task(1, rounds, "normalisation: federated\n");
  }

  private final VirtualFederation federation =
      new VirtualFederation(VirtualFederation.Setup.plain());
  private final Replies replies = new Replies(federation.sealed("hq"));
  private final List<Body.Plan> plans = new ArrayList<>();

  @BeforeEach
  void observe() {
    federation
        .network()
        .observe(
            (from, address, payload) -> {
              replies.sent(address, payload);
              if (address.kind() == Kind.PLAN && address.branch() == Address.Branch.ALL) {
                plans.add(plan(address, payload));
              }
            });
  }

  private Body.Plan plan(Address address, byte[] payload) {
    try {
      return (Body.Plan) federation.sealed("a").open(address, payload).body();
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused);
    }
  }

  @AfterEach
  void end() {
    federation.close();
  }

  private void let(String... sites) {
    for (String site : sites) {
      federation.policy(site, SiteSettings::withStatistics);
    }
  }

  private TaskFacts facts() {
    return federation.tasks().get(0);
  }

  private boolean finished() {
    return !federation.tasks().isEmpty() && facts().run().state().equals("finished");
  }

  private static Moments of(String site, int pool) throws Exception {
    TaskDocument document = new YamlTaskReader().read(TASK);
    ExampleSource source = Bench.examples(site);
    List<Example> train =
        source.examples(document.task().schema()).stream()
            .filter(each -> each.role() == DataRole.TRAIN)
            .toList();
    return new WindowPreparation().moments(document.task().schema(), train, 1).get(pool);
  }

  @Test
  void oneRoundMergesWhatSitesTellAndEveryLaterModelHasIt() throws Exception {
    let("a", "b", "c");
    federation.start();
    federation.submit(task(3));
    assertTrue(federation.run(LIMIT, this::finished), federation.sites().toString());
    List<RoundRecord> rounds = facts().rounds();
    assertEquals(
        List.of("statistics", "train", "train", "train", "final"),
        rounds.stream().map(RoundRecord::protocol).toList());
    assertEquals(5, facts().models().size());
    ModelVersion merged = facts().models().get(1);
    assertEquals(List.of(), merged.contributors());
    List<Moments> expected = new ArrayList<>();
    for (int pool = 0; pool < 2; pool++) {
      expected.add(of("a", pool).plus(of("b", pool)).plus(of("c", pool)));
    }
    assertEquals(
        Set.of(List.of(), expected),
        Set.copyOf(plans.stream().map(p -> p.model().statistics()).toList()));
    assertTrue(
        plans.stream()
            .allMatch(
                plan -> plan.model().statistics().isEmpty() == (plan.model().version() == 0)));
    assertTrue(plans.stream().noneMatch(plan -> plan.committed() && plan.model().version() == 0));
    assertEquals(
        List.of(),
        replies.differences(new YamlTaskReader().read(task(3)), rounds, facts().models()));
  }

  @Test
  void aSiteWhoseOwnerLetsNoStatisticsLeaveIsNotWillingAndTheReasonNamesTheKey() {
    let("a", "b");
    federation.start();
    federation.submit(TASK);
    assertTrue(federation.run(LIMIT, this::finished), federation.sites().toString());
    facts().rounds().forEach(round -> assertEquals(List.of("a", "b"), round.cohort()));
    String said = facts().said().getOrDefault("c", "");
    assertTrue(said.contains("statistics.leave = false"), said);
    assertTrue(federation.tasks("c").get(0).reason().contains("statistics.leave = false"));
  }

  @Test
  void aSiteThatComesLateStandardisesByWhatWasMergedBefore() {
    let("a", "b", "c");
    federation.start("hq");
    federation.start("a");
    federation.start("b");
    federation.submit(TASK);
    assertTrue(
        federation.run(LIMIT, () -> !federation.tasks().isEmpty() && facts().rounds().size() >= 2));
    federation.start("c");
    assertTrue(federation.run(LIMIT, this::finished), federation.sites().toString());
    List<RoundRecord> rounds = facts().rounds();
    assertEquals(List.of("a", "b"), rounds.get(0).cohort());
    assertTrue(rounds.get(rounds.size() - 1).cohort().contains("c"));
    assertEquals(2, plans.stream().map(plan -> plan.model().statistics()).distinct().count());
    Digest best = rounds.get(rounds.size() - 1).model();
    assertTrue(
        federation.run(
            LIMIT,
            () ->
                federation.tasks("c").stream()
                    .map(TaskView::deployed)
                    .anyMatch(deployed -> deployed.filter(best::equals).isPresent())));
  }
}
