// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.replies.UpdateReader;
import org.junit.jupiter.api.Test;

/** The round that merges statistics of sites. */
class StatisticsTest {
  private static final String TASK = "shared 2 2";
  private static final Digest BASE = Digest.of(new byte[] {1});

  /** East has 600 examples, north 700, west 800. */
  private static Moments merged(Bench bench) {
    return bench.site("east").statistics().plus(bench.site("north").statistics());
  }

  @Test
  void itIsTheFirstRoundAndMakesTheVersionThatTrainingBeginsWith() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit(TASK);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    List<RoundRecord> rounds = bench.facts().rounds();
    assertEquals(
        List.of("statistics", "train", "train", "final"),
        rounds.stream().map(RoundRecord::protocol).toList());
    assertEquals(2, rounds.get(0).metrics().get("statistics.sites"));
    assertEquals(1300, rounds.get(0).metrics().get("statistics.values"));

    List<ModelVersion> models = bench.facts().models();
    assertEquals(List.of(0, 1, 2, 3), models.stream().map(ModelVersion::version).toList());
    float[] first = Fixtures.ARCHITECTURES.initial(network(), 7);
    assertEquals(
        GlobalDigest.of(bench.task, network().layout(), first, List.of(merged(bench))),
        models.get(1).digest());
    assertEquals(models.get(0).digest(), models.get(1).base());
    assertEquals(List.of(), models.get(1).contributors());
    assertEquals(models.get(1).digest(), models.get(2).base());
  }

  private static Network network() throws RefusedException {
    TaskDocument document = Fixtures.READER.read(TASK);
    return Fixtures.ARCHITECTURES.network(document.task().model(), document.task().schema());
  }

  @Test
  void everyLaterPlanHasThemAndNoModelWithoutThemIsDeployed() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit(TASK);
    bench.settle();
    List<Body.Plan> plans = bench.site("east").plans;
    assertEquals(
        List.of(
            "statistics", "train", "evaluate", "train", "evaluate", "test", "deploy", "finished"),
        plans.stream().map(Body.Plan::request).toList());
    Body.Plan asking = plans.get(0);
    assertEquals(List.of(), asking.model().statistics());
    assertFalse(asking.committed());
    List<Body.Plan> later = plans.subList(1, plans.size());
    assertEquals(
        Set.of(List.of(merged(bench))),
        later.stream().map(plan -> plan.model().statistics()).collect(Collectors.toSet()));
    assertTrue(later.get(0).committed());
  }

  @Test
  void aSiteThatComesLaterChangesNothingOfThem() throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.site("west").isMute = true;
    bench.submit("shared 3 2");
    while (bench.facts().rounds().isEmpty()) {
      assertTrue(bench.deliverOne());
    }
    bench.site("west").isMute = false;
    bench.site("west").sync();
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    List<RoundRecord> rounds = bench.facts().rounds();
    assertEquals(List.of("east", "north"), rounds.get(0).cohort());
    assertEquals(List.of("east", "north", "west"), rounds.get(rounds.size() - 1).cohort());
    assertEquals(
        Set.of(List.of(merged(bench))),
        bench.site("west").plans.stream()
            .map(plan -> plan.model().statistics())
            .collect(Collectors.toSet()));
  }

  @Test
  void aCardSaysByWhatInputsAreStandardised() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit(TASK);
    bench.settle();
    String card = bench.facts().versions().get(2).card();
    assertTrue(card.contains("inputs are standardised by the statistics of the federation"), card);
    assertFalse(card.contains("normalisation is its own"), card);
    assertTrue(card.contains("| force | 1300 | 6.53846 | 1.11737 |\n"), card);
  }

  private static Optional<String> why(String fold, List<Moments> told) throws RefusedException {
    TaskDocument document = Fixtures.READER.read(TASK);
    TaskContext context =
        new TaskContext(
            document,
            document.digest(),
            network(),
            new Strategy(Fixtures.FEDAVG, Optional.empty()),
            new UpdateReader(List.of(), 100),
            100);
    Body.Manifest manifest =
        new Body.Manifest(
            BASE,
            List.of(),
            0,
            Disclosure.INDIVIDUAL,
            List.of(),
            Optional.empty(),
            0,
            null,
            told,
            Optional.empty());
    return new ReplyCheck(context).why(fold, BASE, manifest);
  }

  @Test
  void aReplyTellsAsManyAsWereAskedForAndOfFloatsOnly() throws Exception {
    Moments fine = new Moments(3, -5, 2);
    assertEquals(Optional.empty(), why("statistics", List.of(fine)));
    assertEquals(Optional.empty(), why("statistics", List.of(Moments.NONE)));
    assertEquals(
        Optional.of("0 statistics were told, 1 were asked for"), why("statistics", List.of()));
    assertEquals(
        Optional.of("1 statistics were told, 0 were asked for"), why("test", List.of(fine)));
    Optional<String> large = Optional.of("statistics are not those of float32 values");
    assertEquals(large, why("statistics", List.of(new Moments(3, 1e39, 2))));
    assertEquals(large, why("statistics", List.of(new Moments(3, 1, 1e78))));
  }
}
