// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.model.ModelVersion;
import org.junit.jupiter.api.Test;

/** A task that finds what each site adds. */
class ContributionRunTest {
  private static final String TASK = "shares 2 3";
  private static final double NEAR = 1e-12;

  /** Blobs of the newest two models, of which one is the best. */
  private static final int BLOBS_MOST = 2 * 3;

  /** Right are the more, the higher the sum of the parameters. */
  private static long right(float[] model) {
    double sum = 0;
    for (float value : model) {
      sum += value;
    }
    return Math.max(0, Math.min(200, Math.round(sum)));
  }

  private static Bench bench(String... sites) {
    Bench bench = new Bench(sites);
    bench.sites.values().forEach(site -> site.judge = ContributionRunTest::right);
    return bench;
  }

  private static RoundRecord found(Bench bench) {
    assertEquals("finished", bench.facts().run().state());
    List<RoundRecord> rounds = bench.facts().rounds();
    assertEquals("final", rounds.get(rounds.size() - 1).protocol());
    RoundRecord round = rounds.get(rounds.size() - 2);
    assertEquals("contribution", round.protocol());
    return round;
  }

  private static Contributions figures(Bench bench) {
    return Contributions.of(found(bench)).orElseThrow();
  }

  /** What some sites alone would have made of the best model, judged as sites do. */
  private static double worth(Bench bench, Set<String> of) {
    List<float[]> deltas = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    Body.Plan plan = trained(bench);
    float[] model = bench.site("east").vector(plan.model());
    for (String site : of) {
      ScriptedSite each = bench.site(site);
      float[] delta = new float[model.length];
      each.delta(plan)
          .chunks()
          .forEach(
              chunk ->
                  Float32.decode(
                      each.chunks.get(chunk.digest()), delta, chunk.from(), chunk.count()));
      deltas.add(delta);
      weights.add((double) each.weight);
    }
    if (!of.isEmpty()) {
      double[] mean =
          Fixtures.FEDAVG.aggregate(
              deltas, weights.stream().mapToDouble(Double::doubleValue).toArray());
      for (int i = 0; i < model.length; i++) {
        model[i] = (float) (model[i] + mean[i]);
      }
    }
    return right(model) / 200.0;
  }

  /** The plan of the round's first phase. */
  private static Body.Plan trained(Bench bench) {
    List<Body.Plan> plans =
        bench.site("east").plans.stream().filter(each -> each.request().equals("train")).toList();
    return plans.get(plans.size() - 1);
  }

  @Test
  void afterTrainingModelsOfSubsetsAreJudgedAndNothingOfThemIsCommitted() throws Exception {
    Bench bench = bench("east", "north", "west");
    bench.submit(TASK);
    bench.settle();

    Contributions found = figures(bench);
    assertEquals(8, found.needed());
    assertEquals(8, found.judged());
    assertEquals(3, found.judges());
    double all = worth(bench, Set.of("east", "north", "west"));
    assertEquals(all, found.worth().get(Contributions.ALL), NEAR);
    assertEquals(worth(bench, Set.of()), found.worth().get(Contributions.NONE), NEAR);
    assertEquals(
        all - worth(bench, Set.of("east", "north")), found.leaveOneOut().get("west"), NEAR);
    assertEquals(
        all - worth(bench, Set.of("north", "west")), found.leaveOneOut().get("east"), NEAR);
    for (String judge : List.of("east", "north", "west")) {
      assertEquals(worth(bench, Set.of("north")), found.matrix().get("north").get(judge), NEAR);
    }
    double sum = found.shapley().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(all - worth(bench, Set.of()), sum, NEAR);
    assertTrue(
        found.leaveOneOut().values().stream().anyMatch(value -> value != 0), found.toString());

    assertEquals(
        List.of(0, 1, 2), bench.facts().models().stream().map(ModelVersion::version).toList());
    Digest best = found(bench).model();
    assertEquals(best, trained(bench).model().digest(), "it begins from the best model");
    bench.sites.values().forEach(site -> assertEquals(best, site.deployed));
    assertTrue(
        bench.site("east").plans.stream()
            .filter(plan -> plan.request().equals("evaluate"))
            .noneMatch(Body.Plan::committed));
    assertTrue(bench.storage.blobs.size() <= BLOBS_MOST, bench.storage.blobs.size() + " blobs");
    assertTrue(bench.refusals.counts().isEmpty(), bench.refusals.summary());
  }

  @Test
  void meanwhileOneModelAndTheUpdatesAreOnDiskAndNoOther() throws Exception {
    Bench bench = bench("east", "north", "west");
    bench.submit(TASK);
    int phases = 0;
    int largest = 0;
    while (bench.deliverOne()) {
      String detail = bench.facts().status().detail();
      if (detail.contains(" model ")) {
        phases = Math.max(phases, detail.contains("model 8 of 8") ? 8 : 1);
        largest = Math.max(largest, bench.storage.blobs.size());
      }
    }
    assertEquals(8, phases, "the status says how far it is");
    // Two versions, three updates, this and the last candidate, of three chunks each; a record of
    // each reply and product.
    int replies = 3 * 9;
    assertTrue(largest <= 3 * (2 + 3 + 2) + replies + 9, largest + " blobs");
  }

  @Test
  void theCardAndTheMetricsShowWhatWasFound() throws Exception {
    Bench bench = bench("east", "north", "west");
    bench.submit(TASK);
    bench.settle();
    Digest best = found(bench).model();
    for (ModelRegistry.Version version : bench.facts().versions()) {
      boolean isBest = version.model().digest().equals(best);
      assertEquals(isBest, version.card().contains("## What each site adds"), version.card());
    }
    String card =
        bench.facts().versions().stream()
            .filter(version -> version.model().digest().equals(best))
            .findFirst()
            .orElseThrow()
            .card();
    assertTrue(card.contains("| site | leaving it out | Shapley's value |"), card);
    assertTrue(card.contains("| trained by | east | north | west |"), card);
    List<Measurement> all = CoordinatorMeasurementsTest.measured(bench);
    Map<String, Double> shapley = new TreeMap<>();
    all.stream()
        .filter(each -> each.name().equals("fedwerk.contribution.shapley"))
        .forEach(each -> shapley.put(each.tags().get("site"), each.value()));
    assertEquals(figures(bench).shapley(), shapley);
    assertTrue(
        all.stream()
            .filter(each -> each.name().equals("fedwerk.round.metric"))
            .noneMatch(each -> each.tags().get("metric").contains("matrix")));
  }

  @Test
  void aKillAtEveryJournalRecordGivesTheSameFigures() throws Exception {
    Bench undisturbed = bench("east", "north", "west");
    undisturbed.submit(TASK);
    undisturbed.settle();
    Map<String, Double> expected = found(undisturbed).metrics();
    int kills = 0;
    for (int appends = 0; ; appends++) {
      Bench bench = bench("east", "north", "west");
      bench.submit(TASK);
      bench.storage.appendsLeft = appends;
      try {
        bench.settle();
      } catch (MemoryStorage.Killed killed) {
        kills++;
      }
      bench.storage.appendsLeft = -1;
      if (bench.facts().run().state().equals("finished")) {
        break;
      }
      bench.restart();
      bench.settle();
      assertEquals(expected, found(bench).metrics(), "killed before append " + appends);
      assertEquals(found(undisturbed).model(), found(bench).model());
      assertTrue(
          bench.storage.blobs.size() <= BLOBS_MOST,
          bench.storage.blobs.size() + " blobs after a kill before append " + appends);
    }
    assertTrue(kills > 50, "only " + kills + " points were tried");
  }

  @Test
  void aSiteThatStallsIsNoJudgeAndKeepsItsPart() throws Exception {
    Bench bench = bench("east", "north", "west");
    bench.submit(TASK);
    while (!bench.facts().status().detail().contains("model 3 of 8")) {
      assertTrue(bench.deliverOne());
    }
    bench.site("west").isMute = true;
    bench.settle();
    bench.pass(Duration.ofSeconds(30));
    bench.site("west").isMute = false;
    bench.pass(Duration.ofSeconds(30));
    Contributions found = figures(bench);
    assertEquals(2, found.judges());
    assertEquals(Set.of("east", "north", "west"), found.leaveOneOut().keySet());
    assertTrue(found(bench).missing().containsKey("west"));
  }

  @Test
  void tooManySitesGiveAReasonAndTheTaskGoesOn() throws Exception {
    String[] eight = IntStream.range(0, 8).mapToObj(i -> "site" + i).toArray(String[]::new);
    Bench bench = bench(eight);
    RefusedException refused =
        assertThrows(RefusedException.class, () -> bench.submit("crowd 1 8"));
    assertTrue(refused.getMessage().contains("256 models or more"), refused.getMessage());
    assertTrue(refused.getMessage().contains("at most 200"), refused.getMessage());
    bench.submit("crowd 1 2");
    bench.settle();
    Contributions found = figures(bench);
    assertEquals(256, found.needed());
    assertEquals(0, found.judged());
    assertTrue(found.problem().contains("at most 200 are judged"), found.problem());
    assertTrue(found.shapley().isEmpty());
    assertTrue(
        bench.facts().versions().stream()
            .anyMatch(version -> version.card().contains("- not found: ")));
  }

  @Test
  void aModelThatCannotBeMadeEndsTheSearchAndNotTheTask() throws Exception {
    Bench bench = bench("east", "north", "west");
    bench.aggregator =
        new Aggregator() {
          @Override
          public String name() {
            return Fixtures.FEDAVG.name();
          }

          @Override
          public double[] aggregate(List<float[]> updates, double[] weights) {
            if (updates.size() < 3) {
              throw new IllegalArgumentException("a median of two is none");
            }
            return Fixtures.FEDAVG.aggregate(updates, weights);
          }
        };
    bench.restart();
    bench.submit(TASK);
    bench.settle();
    Contributions found = figures(bench);
    assertEquals(1, found.judged(), "that of all comes first");
    assertTrue(found.problem().startsWith("1 of 8 models were judged"), found.problem());
    assertTrue(bench.storage.blobs.size() <= BLOBS_MOST, bench.storage.blobs.size() + " blobs");
  }

  @Test
  void aDryRunSaysWhatItTakes() throws Exception {
    TaskIntake intake = new TaskIntake(bench("east", "north").ports(), Fixtures.RANGE);
    List<String> notes = intake.dryRun(TASK).notes();
    assertTrue(
        notes.stream().anyMatch(note -> note.contains("judge 8 models or more")), notes.toString());
    assertTrue(
        notes.stream().anyMatch(note -> note.contains("contribution.allowed = true")),
        notes.toString());
    assertFalse(
        intake.dryRun("press 2 3").notes().stream().anyMatch(note -> note.contains("subsets")));
  }
}
