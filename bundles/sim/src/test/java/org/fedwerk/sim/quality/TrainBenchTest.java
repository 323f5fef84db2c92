// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainBenchTest {
  private static final DjlEngine ENGINE = new DjlEngine(EngineSettings.defaults());
  private static final String PYTHON = System.getProperty("fedwerk.python", "python3");
  private static final Path SCRIPT = Path.of(System.getProperty("fedwerk.train-reference"));

  @TempDir Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Figures figures =
      new Figures(new PrintStream(printed, true, StandardCharsets.UTF_8));

  @AfterAll
  static void stop() {
    ENGINE.stop();
  }

  /** Takes a second per epoch, and writes down what it is asked. */
  private record Told(int parameters, double startLoss, List<Integer> epochs) implements Reference {
    @Override
    public Duration train(int of) {
      epochs.add(of);
      return new Duration(of, of);
    }

    @Override
    public void close() {}
  }

  @Test
  void aRunIsComparedWithOneOfAsManyEpochs() throws Exception {
    Subject subject = Subject.of("linear");
    TrainBench bench = new TrainBench(ENGINE, 2);
    Told reference = new Told(435, bench.startLoss(subject), new ArrayList<>());

    TrainRatio ratio = bench.ratio(subject, reference);

    assertEquals(256, ratio.reference(), 1e-9, "two epochs of 256 windows in two seconds");
    assertEquals(ratio.ours() / 256, ratio.ratio(), 1e-9);
    assertTrue(ratio.ratio() > 0 && Double.isFinite(ratio.ratio()), ratio.toString());
    assertTrue(ratio.ofProcessor() > 0, ratio.toString());
    assertEquals(List.of(2), reference.epochs().stream().distinct().toList());
    assertTrue(reference.epochs().size() > TrainBench.REPETITIONS, "some warm up");
  }

  @Test
  void anotherNetworkIsNotComparedWith() throws Exception {
    Subject subject = Subject.of("linear");
    TrainBench bench = new TrainBench(ENGINE, 1);
    double loss = bench.startLoss(subject);
    Told larger = new Told(436, loss, new ArrayList<>());
    Told elsewhere = new Told(435, 1.001 * loss, new ArrayList<>());

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> bench.ratio(subject, larger));
    assertThrows(IllegalStateException.class, () -> bench.ratio(subject, elsewhere));

    assertTrue(refused.getMessage().contains("436 parameters"), refused.getMessage());
    assertTrue(refused.getMessage().contains("Fedwerk's 435"), refused.getMessage());
    assertEquals(List.of(), larger.epochs());
  }

  @Test
  void aPythonThatIsNotThereMakesEveryRatioAbsent() throws Exception {
    TrainFigures absent =
        new TrainFigures(figures, ENGINE, folder.resolve("no-python").toString(), SCRIPT);

    assertEquals(List.of(), absent.ratios(1));

    String text = printed.toString(StandardCharsets.UTF_8);
    for (String architecture : ModelSpec.ARCHITECTURES) {
      assertTrue(
          text.contains("absent train." + architecture + ".ratio: there is no no-python;"), text);
    }
    figures.require(ModelSpec.ARCHITECTURES.stream().map(TrainRatio::figure).toList());
  }

  @Test
  void torchOfAnotherVersionIsNotComparedWith() throws Exception {
    assertTrue(PythonReference.isVersion("2.7.1+cpu", "2.7.1"));
    assertTrue(PythonReference.isVersion("2.7.1", "2.7.1"));
    assertTrue(!PythonReference.isVersion("2.7.10", "2.7.1"));
    String python = program("old", "echo 2.7.0+cpu");
    String noTorch = program("bare", "exit 1");

    assertTrue(
        PythonReference.absence(python, "2.7.1").orElseThrow().startsWith("old has torch 2"));
    assertTrue(PythonReference.absence(noTorch, "2.7.1").orElseThrow().startsWith("bare has no"));
    assertEquals(Optional.empty(), PythonReference.absence(python, "2.7.0"));
  }

  @Test
  void theReferenceIsAskedByLinesAndAnswersByLines() throws Exception {
    String python =
        program(
            "told",
            "echo ready 435 1.25",
            "while read epochs; do echo seconds $epochs.5 $epochs; done");
    try (Reference reference = PythonReference.start(python, SCRIPT, Subject.of("linear"))) {
      assertEquals(435, reference.parameters());
      assertEquals(1.25, reference.startLoss());
      assertEquals(new Reference.Duration(3.5, 3), reference.train(3));
      assertEquals(new Reference.Duration(4.5, 4), reference.train(4));
    }
    assertSays("ended", program("dies", "exit 0"));
    assertSays("not ready", program("odd", "echo hello"));
    assertSays("for a number", program("words", "echo ready many 1.5"));
  }

  private static void assertSays(String part, String python) throws Exception {
    Subject subject = Subject.of("linear");
    IOException broken =
        assertThrows(IOException.class, () -> PythonReference.start(python, SCRIPT, subject));
    assertTrue(broken.getMessage().contains(part), broken.getMessage());
  }

  private String program(String name, String... lines) throws Exception {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file.toString();
  }

  @Test
  void torchTrainsTheSameNetworksWhereItIsThere() throws Exception {
    Assumptions.assumeTrue(
        PythonReference.absence(PYTHON, ENGINE.description().split(" ")[1]).isEmpty(),
        "no torch of this version; name its Python by -Dfedwerk.python");

    List<TrainRatio> ratios = new TrainFigures(figures, ENGINE, PYTHON, SCRIPT).ratios(1);

    assertEquals(ModelSpec.ARCHITECTURES, ratios.stream().map(TrainRatio::architecture).toList());
  }
}
