// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.site.SiteAgent.EgressRecord;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a site tells of the labels of its training examples. */
class SharedLabelsTest {
  private static final String ONE = "{name: result, classes: [good, bad]}";

  private static Task task(String label, int least) throws RefusedException {
    String yaml =
        Tasks.PRESS.replace(ONE, label).replace("least-count: 2", "least-count: " + least);
    return new YamlTaskReader().read(yaml).task();
  }

  private static LabelledInputs inputs(int count, int[] classes, float[] targets) {
    return new LabelledInputs(count, new float[4 * count], classes, targets);
  }

  private static String words(Optional<LabelStatistics> told) {
    return told.map(each -> each.classes().toString().replaceAll("[\\[\\],]", "")).orElse("none");
  }

  /** Nothing below the least count is told, nor follows from the sum, which the weight tells. */
  @ParameterizedTest
  @CsvSource({
    "90 10, 10, 90 10",
    "91 9, 10, none",
    "100 0, 10, 100 0",
    "50 9 30 20, 10, 50 0 30 0",
    "50 5 5 40, 10, 50 0 0 40",
    "9 9 9 70, 10, 0 0 0 70",
    "3 0 0 60, 10, none",
    "7 2, 10, none",
    "3 1, 1, 3 1",
    "3 0, 1, 3 0",
  })
  void ofClassesHowManyExamplesHaveEach(String counts, int least, String told) throws Exception {
    int[] each = Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray();
    int[] classes =
        IntStream.range(0, each.length)
            .flatMap(k -> IntStream.generate(() -> k).limit(each[k]))
            .toArray();
    String names = IntStream.range(0, each.length).mapToObj(k -> "c" + k).toList().toString();
    Task task = task("{name: result, classes: " + names + "}", least);
    assertEquals(told, words(SharedLabels.of(task, inputs(classes.length, classes, new float[0]))));
  }

  /** Of 40 examples: how many have a class, and how many have not, must both be enough. */
  @ParameterizedTest
  @CsvSource({"12 31 40, 12 0 40", "9 10 30, 0 10 30", "40 0 5, 40 0 0", "1 2 39, none"})
  void ofClassesThatAPartMayHaveAtOnceEachIsToldByItself(String counts, String told)
      throws Exception {
    int[] each = Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray();
    float[] targets = new float[3 * 40];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i / 3 < each[i % 3] ? 1 : 0;
    }
    Task task = task("{kind: classes, name: result, classes: [a, b, c]}", 10);
    assertEquals(told, words(SharedLabels.of(task, inputs(40, new int[0], targets))));
  }

  @Test
  void ofANumberItsMomentsInTheLabelsUnit() throws Exception {
    String label = "{kind: value, name: wear, unit: mm, centre: 10, scale: 4}";
    float[] scaled = {-0.5f, 0, 0.5f, 1};
    assertEquals(
        Optional.of(LabelStatistics.ofValue(new Moments(4, 11, 5))),
        SharedLabels.of(task(label, 4), inputs(4, new int[0], scaled)));
    assertEquals(Optional.empty(), SharedLabels.of(task(label, 5), inputs(4, new int[0], scaled)));
  }

  /** Defects are never learned from, so there is nothing but the number of examples. */
  @Test
  void inAnomalyDetectionNothing() throws Exception {
    String yaml =
        Tasks.PRESS
            .replace(ONE, "{kind: anomaly}")
            .replace("architecture: mlp, hidden: [3]", "architecture: autoencoder, hidden: [3, 2]");
    Task task = new YamlTaskReader().read(yaml).task();
    assertEquals(Optional.empty(), SharedLabels.of(task, inputs(9, new int[9], new float[36])));
  }

  private static Manifest trained(Bench bench) throws Exception {
    bench.start().connect();
    Digest task = bench.approved(Tasks.PRESS);
    bench.send(task, at(1, 0), plan("train", bench.model(task, 0, 0.5f), false, "press1"));
    bench.serve();
    return bench.next(Manifest.class, Kind.MANIFEST);
  }

  private static String recorded(Bench bench) {
    return bench.site.egress(50).stream()
        .filter(each -> each.kind().equals("manifest") && each.passed())
        .map(EgressRecord::what)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theyLeaveWithTheUpdateIfTheOwnerSaysSoAndThatIsOnRecord(@TempDir Path folder)
      throws Exception {
    try (Bench bench =
        new Bench(folder.resolve("site"), SiteSettings.approving(Set.of()).withLabels())) {
      long bad =
          bench.examples.examples.stream()
              .filter(each -> each.role() == DataRole.TRAIN)
              .mapToInt(Example::classIndex)
              .sum();
      assertEquals(
          Optional.of(LabelStatistics.ofClasses(List.of(6 - bad, bad))), trained(bench).labels());
      assertEquals("reply 1/0 with 3 chunks, statistics of the training labels", recorded(bench));
    }
  }

  @Test
  void nothingLeavesWhereTheOwnerSaidNothing(@TempDir Path folder) throws Exception {
    try (Bench bench = new Bench(folder.resolve("site"), SiteSettings.approving(Set.of()))) {
      assertEquals(Optional.empty(), trained(bench).labels());
      assertEquals("reply 1/0 with 3 chunks", recorded(bench));
    }
  }
}
