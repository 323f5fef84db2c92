// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Leave;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.site.SiteAgent.EgressRecord;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site tells of its inputs, and what it does with what all sites have told. */
class SharedStatisticsTest {
  private static final String YAML = Tasks.PRESS + "normalisation: federated\n";
  private static final Digest TASK = Tasks.digest(YAML);
  private static final List<Moments> FEDERATION =
      List.of(new Moments(40, 10, 4), new Moments(40, -3, 0));

  @TempDir Path folder;
  private Bench bench;

  private Bench open(boolean statisticsLeave) {
    SiteSettings settings = SiteSettings.approving(Set.of("trusted"));
    return new Bench(folder.resolve("site"), statisticsLeave ? settings.withStatistics() : settings)
        .start()
        .connect();
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private static List<Moments> own(List<Example> examples) {
    List<Example> train = examples.stream().filter(e -> e.role() == DataRole.TRAIN).toList();
    return new WindowPreparation().moments(Tasks.schema(), train, 2);
  }

  /** A version with the federation's statistics. */
  private ModelReference standardised(int version) {
    ModelReference plain = bench.model(TASK, version, 0.5f);
    float[] vector = new NamedArchitectures().initial(Tasks.network(), 1);
    vector[0] = 0.5f;
    Digest digest = GlobalDigest.of(TASK, Tasks.network().layout(), vector, FEDERATION);
    return new ModelReference(version, digest, plain.layout(), plain.parameters()).with(FEDERATION);
  }

  @Test
  void countMeanAndVarianceAreToldAndNothingElseAndItIsOnRecord() throws Exception {
    bench = open(true);
    bench.approved(YAML);
    ModelReference model = bench.model(TASK, 0, 0.5f);
    bench.send(TASK, at(1, 0), plan("statistics", model, false, "press1", "press2"));
    bench.serve();
    Manifest manifest = bench.next(Manifest.class, Kind.MANIFEST);
    assertEquals(own(bench.examples.examples), manifest.statistics());
    assertEquals(model.digest(), manifest.base());
    assertEquals(List.of(), manifest.sections());
    assertEquals(List.of(), manifest.metrics());
    assertEquals(Optional.empty(), manifest.evaluation());
    assertEquals(0, manifest.weight());
    assertEquals(6, bench.site.used("press", "statistics").size());
    assertEquals(Optional.empty(), bench.view("press").deployed());
    EgressRecord record =
        bench.site.egress(50).stream()
            .filter(each -> each.kind().equals("manifest"))
            .findFirst()
            .orElseThrow();
    assertTrue(
        record.what().endsWith("count, mean and variance of the training values of 2 inputs"),
        record.what());
    assertTrue(record.passed());
  }

  @Test
  void aSiteWhoseOwnerLetsNoneLeaveSaysSoAndTellsNone() throws Exception {
    bench = open(false);
    bench.offer(YAML);
    await(() -> bench.site.tasks().size() == 1);
    bench.site.approve("press", "tester");
    Body.Ready ready = bench.next(Body.Ready.class, Kind.READY);
    while (!ready.reason().contains("statistics.leave = false")) {
      assertFalse(ready.willing());
      ready = bench.next(Body.Ready.class, Kind.READY);
    }
    bench.send(TASK, at(1, 0), plan("statistics", bench.model(TASK, 0, 0.5f), false, "press1"));
    bench.serve();
    String why = bench.next(Leave.class, Kind.LEAVE).reason();
    assertTrue(why.contains("statistics.leave = false"), why);
  }

  @Test
  void aTaskThatStandardisesPerSiteIsAskedForNone() throws Exception {
    bench = open(true);
    Digest task = bench.approved(Tasks.PRESS);
    bench.send(task, at(1, 0), plan("statistics", bench.model(task, 0, 0.5f), false, "press1"));
    bench.serve();
    String why = bench.next(Leave.class, Kind.LEAVE).reason();
    assertTrue(why.contains("the task says nothing of statistics that leave"), why);
  }

  @Test
  void ofFewerExamplesThanTheTaskAllowsNothingIsTold() throws Exception {
    bench = open(true);
    bench.examples.examples = Tasks.examples(1, 3, 3);
    bench.approved(YAML);
    bench.send(TASK, at(1, 0), plan("statistics", bench.model(TASK, 0, 0.5f), false, "press1"));
    bench.serve();
    String why = bench.next(Leave.class, Kind.LEAVE).reason();
    assertTrue(why.contains("1 training examples are fewer than egress.least-count = 2"), why);
  }

  @Test
  void aModelIsTrainedEvaluatedAndRunByTheStatisticsThatComeWithIt(@TempDir Path other)
      throws Exception {
    bench = open(true);
    bench.approved(YAML);
    ModelReference model = standardised(1);
    bench.send(TASK, at(2, 0), plan("train", model, true, "press1"));
    bench.serve();
    assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
    assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
    assertEquals(
        FEDERATION, bench.site.state().deployments().of(TASK).orElseThrow().model().statistics());
    assertStandardised(bench);

    try (Bench again = bench.afterKill(other).start()) {
      assertEquals(model.digest(), again.view("press").deployed().orElseThrow());
      assertEquals(
          FEDERATION, again.site.state().deployments().of(TASK).orElseThrow().model().statistics());
      assertStandardised(again);
    }
  }

  private static void assertStandardised(Bench bench) {
    Deployment deployment = bench.site.state().deployments().of(TASK).orElseThrow();
    float[] mean = deployment.normalisation().mean();
    float[] scale = deployment.normalisation().scale();
    assertEquals(List.of(10f, 10f, -3f, -3f), List.of(mean[0], mean[1], mean[2], mean[3]));
    assertEquals(List.of(2f, 2f, 1f, 1f), List.of(scale[0], scale[1], scale[2], scale[3]));
  }

  @Test
  void aModelWithoutThemOrWithOthersThanItsDigestSaysIsNotUsed() throws Exception {
    bench = open(true);
    bench.approved(YAML);
    bench.send(TASK, at(2, 0), plan("train", bench.model(TASK, 1, 0.5f), true, "press1"));
    bench.serve();
    String without = bench.next(Leave.class, Kind.LEAVE).reason();
    assertTrue(without.contains("version 1 comes with statistics of 0 inputs"), without);

    ModelReference other =
        standardised(1).with(List.of(new Moments(40, 11, 4), new Moments(40, -3, 0)));
    bench.send(TASK, at(3, 0), plan("train", other, true, "press1"));
    String changed = bench.next(Leave.class, Kind.LEAVE).reason();
    assertTrue(changed.contains("global digest"), changed);
    assertEquals(Optional.empty(), bench.view("press").deployed());
  }
}
