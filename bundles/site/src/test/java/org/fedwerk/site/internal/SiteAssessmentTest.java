// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.site.Assessment.Advice;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Report;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteAssessmentTest {
  @TempDir Path folder;
  private Bench bench;
  private SiteAssessment assessment;

  @BeforeEach
  void open() {
    bench = new Bench(folder.resolve("site"));
    assessment = assessment(bench);
  }

  private static SiteAssessment assessment(Bench bench) {
    return new SiteAssessment(
        bench.site,
        new YamlTaskReader(),
        new NamedArchitectures(),
        new RangeCodecs(),
        new WindowPreparation(),
        bench.engine,
        bench.examples);
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private static Finding row(Report report, String name) {
    return report.findings().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no row " + name + " in " + report));
  }

  /** The whole of what is on disk, by file. */
  private Map<Path, List<Byte>> disk() throws IOException {
    Map<Path, List<Byte>> all = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        List<Byte> bytes = new ArrayList<>();
        for (byte each : Files.readAllBytes(file)) {
          bytes.add(each);
        }
        all.put(file, bytes);
      }
    }
    return all;
  }

  /** Good parts whose first value is low, and bad ones where it is high. */
  private static List<Example> told(int train, int validation) {
    List<Example> all = new ArrayList<>();
    for (int n = 0; n < train + validation; n++) {
      boolean bad = n % 2 == 1;
      Tensor window = new Tensor(new int[] {2, 2}, new float[] {bad ? 9 : 1, 0, 0, 0});
      all.add(
          new Example(
              "S-" + n,
              Map.of(Example.WINDOW, window),
              bad ? 1 : 0,
              1,
              n < train ? DataRole.TRAIN : DataRole.VALIDATION));
    }
    return all;
  }

  @Test
  void aDocumentIsAssessedAndNothingLeavesTheSiteOrStaysOnItsDisk() throws Exception {
    assessment.with(bench.link);
    Map<Path, List<Byte>> before = disk();
    Report report = assessment.assessDocument(Tasks.PRESS);
    assertEquals(before, disk());
    assertTrue(bench.link.sent.isEmpty());
    assertEquals(List.of(), bench.site.egress(10));
    assertEquals(List.of(), bench.site.tasks());
    assertEquals("press", report.task());
    assertEquals(Tasks.digest(Tasks.PRESS), report.digest());
    assertEquals(Advice.FEDERATED, report.advice(), report.reasons().toString());
    assertEquals("not known before the first model", row(report, "the global model here").value());
    assertEquals(Verdict.UNKNOWN, row(report, "distance to other sites' data").verdict());
    assertTrue(row(report, "training speed").number() > 0);
    assertTrue(row(report, "a prediction").number() > 0);
    int parameters = Tasks.network().layout().size();
    assertEquals(4.0 * parameters, row(report, "an update on its way out").number());
    assertEquals("connected", row(report, "link").value());
    assertEquals(Verdict.UNKNOWN, row(report, "sending an update").verdict());
    assertEquals(1, bench.engine.trainings.get());
    assertEquals(0, bench.engine.open.get(), "what was loaded is closed");
  }

  @Test
  void aTaskThatWaitsForItsOwnerIsAssessedByNameOrDigest() throws Exception {
    bench.start().connect();
    bench.offer(Tasks.PRESS);
    await(() -> !bench.site.tasks().isEmpty());
    assertEquals("waiting", bench.view("press").approval());
    Report report = assessment.assess("press");
    assertEquals(Advice.FEDERATED, report.advice());
    assertEquals("there is none; fedwerk:enrol joins", row(report, "link").value());
    assertEquals(
        report.digest(), assessment.assess(report.digest().hex().substring(0, 6)).digest());
    assertEquals("waiting", bench.view("press").approval());
    assertThrows(RefusedException.class, () -> assessment.assess("unknown"));
  }

  @Test
  void theModelThatIsHereIsTriedAndDecidesWhatASmallSiteHadBestDo() throws Exception {
    bench.start().connect();
    bench.examples.examples = told(6, 4);
    Digest task = bench.approved(Tasks.PRESS);
    bench.send(task, at(2, 0), plan("train", bench.model(task, 1, 100), true, "press1"));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
    Report large = assessment.assess("press");
    assertEquals(Advice.FEDERATED, large.advice());
    assertEquals(1, row(large, "the global model here").number());
    assertEquals(Verdict.MET, row(large, "the global model here").verdict());
    bench.examples.examples = told(2, 4);
    Report small = assessment.assess("press");
    assertEquals(Advice.FINE_TUNE, small.advice(), small.reasons().toString());
    bench.examples.examples = told(2, 0);
    Report blind = assessment.assess("press");
    assertEquals(Advice.NOT_YET, blind.advice());
    assertEquals(
        "not known without a validation example", row(blind, "the global model here").value());
  }

  @Test
  void theDistanceToTheFederationIsShownAndAFarSiteIsAdvisedWithTheReason() throws Exception {
    bench.close();
    bench =
        new Bench(folder.resolve("other"), SiteSettings.approving(Set.of()).withStatistics())
            .start()
            .connect();
    assessment = assessment(bench);
    bench.examples.examples = told(6, 4);
    String yaml = Tasks.PRESS + "normalisation: federated\n";
    Digest task = bench.approved(yaml);
    List<Moments> federation = List.of(new Moments(24, 2.5, 12.25), new Moments(24, 50, 4));
    ModelReference plain = bench.model(task, 1, 100);
    float[] vector = new NamedArchitectures().initial(Tasks.network(), 1);
    vector[0] = 100;
    Digest digest = GlobalDigest.of(task, Tasks.network().layout(), vector, federation);
    ModelReference model =
        new ModelReference(1, digest, plain.layout(), plain.parameters()).with(federation);
    bench.send(task, at(2, 0), plan("train", model, true, "press1"));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
    Report report = assessment.assess("press");
    Finding distance = row(report, "distance to the federation's statistics");
    assertEquals(25, distance.number());
    assertTrue(distance.words().contains("way: mean 0.000 here, 50.00"), distance.words());
    assertTrue(
        report.reasons().stream().anyMatch(each -> each.contains("25 of its deviations apart")),
        report.reasons().toString());
    assertTrue(report.advice() != Advice.FEDERATED, report.toString());
  }

  @Test
  void anOwnerWhoLetsNoStatisticsLeaveIsToldThatTheSiteIsNotWilling() throws Exception {
    Report report = assessment.assessDocument(Tasks.PRESS + "normalisation: federated\n");
    assertEquals(Advice.NOT_YET, report.advice());
    assertTrue(report.reasons().get(0).contains("statistics.leave = false"));
  }

  @Test
  void aSiteWithoutExamplesIsToldAllThatItLacks() throws Exception {
    bench.examples.examples = List.of();
    Report report = assessment.assessDocument(Tasks.PRESS);
    assertEquals(Advice.NOT_YET, report.advice());
    assertEquals(
        List.of(
            "0 validation examples, 2 are needed to tell what a model is worth here",
            "0 training examples, rounds.examples-least wants 4"),
        report.reasons());
    assertEquals(
        "not measured: there is no training example", row(report, "training speed").value());
    assertEquals(0, bench.engine.trainings.get());
  }

  @Test
  void anEngineThatFailsIsAFindingAndADocumentThatIsNoTaskIsRefused() throws Exception {
    bench.engine.broken = true;
    Report report = assessment.assessDocument(Tasks.PRESS);
    assertEquals(Advice.NOT_YET, report.advice());
    assertEquals(
        List.of(
            "training fails here (IllegalStateException); the site's log says more",
            "a prediction fails here; the site's log says more"),
        report.reasons());
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> assessment.assessDocument(Tasks.PRESS.replace("window:", "windows:")));
    assertTrue(refused.getMessage().contains("line "), refused.getMessage());
  }
}
