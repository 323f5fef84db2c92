// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.sim.baseline.Course;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedTest {
  private static final Path FILE =
      Path.of(System.getProperty("fedwerk.examples"), "quality", "compress.yaml");

  @TempDir Path folder;

  private static Course course(double... validation) {
    List<Double> values = Arrays.stream(validation).boxed().toList();
    List<Long> payload =
        LongStream.rangeClosed(1, values.size()).mapToObj(round -> round * 100).toList();
    return new Course(values, payload);
  }

  @Test
  void aBoundIsReachedWithTheThirdRoundOnEndThatKeepsIt() {
    Course course = course(0.5, 0.9, 0.9, 0.8, 0.9, 0.91, 0.92, 0.5);
    assertEquals(OptionalInt.of(7), course.stays(0.9));
    assertEquals(700, course.until(7));
    assertEquals(OptionalInt.empty(), course.stays(0.91));
    assertEquals(0.5, course.end());
  }

  private static Compressed measured() {
    Course plain = course(0.9, 0.9, 0.9, 0.9);
    Course coded = new Course(List.of(0.8, 0.9, 0.9, 0.9), List.of(5L, 8L, 11L, 15L));
    Course never = new Course(List.of(0.8, 0.8), List.of(5L, 8L));
    return new Compressed(
        60,
        List.of(
            CompressedRun.of("fp32", 1, 0.9, 0, 0.93, 0.891, plain),
            CompressedRun.of("fp32", 1, 0.9, 1, 0.91, 0.891, plain),
            CompressedRun.of("coded", 1, 0.9, 0, 0.922, 0.891, coded),
            CompressedRun.of("coded", 1, 0.9, 1, 0.9, 0.891, never)));
  }

  @Test
  void aSeedThatNeverComesThereCountsNothing() {
    assertEquals(300.0 / 15 / 2, measured().ratio("coded"), 1e-12);
    assertEquals(0.009, measured().loss("coded"), 1e-12);
    assertEquals(List.of("coded"), measured().methods());
  }

  @Test
  void whatWasMeasuredIsReadAndToldAsItIs() throws Exception {
    Path file = folder.resolve("compress.csv");
    measured().write(file);
    assertEquals(Optional.of(measured()), Compressed.read(file));
    Plan plan = Plan.read(FILE);
    String text = new CompressReport(plan).section(Compressed.read(file));
    assertTrue(text.contains("| coded | 1 | 1 | 0.900 | 0.891 | never | - |"), text);
    assertTrue(text.contains("| coded bytes-ratio at least 20 | 10.00 | missed |"), text);
    assertTrue(text.contains("| coded metric-loss at most 0.010 | 0.009 | met |"), text);
    assertTrue(new CompressReport(plan).section(Optional.empty()).contains("Not measured yet."));
  }

  @Test
  void theTaskFileComparesOneNetworkOfHundredThousandParameters() throws Exception {
    Plan plan = Plan.read(FILE);
    for (Map<String, Object> method : plan.methods().values()) {
      for (Map<String, Object> configuration : plan.configurations()) {
        Task task = new YamlTaskReader().read(plan.yaml(List.of(configuration, method), 1)).task();
        int size = new NamedArchitectures().network(task.model(), task.schema()).layout().size();
        assertTrue(size >= 100_000, size + " parameters");
        CompressionSpec compression = task.compression();
        assertEquals(method.isEmpty(), compression.equals(CompressionSpec.NONE));
        assertEquals(
            Optional.of(Packing.ZSTD).filter(packing -> !method.isEmpty()),
            compression.down().map(coding -> coding.packing()));
      }
    }
  }
}
