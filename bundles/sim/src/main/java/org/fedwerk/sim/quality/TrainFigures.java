// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.itests.figures.Figures;

/** Measures and prints how fast an engine trains, and what it takes of memory. */
final class TrainFigures {
  private final Figures figures;
  private final Engine engine;
  private final String interpreter;
  private final Path script;

  /**
   * Over an engine of PyTorch.
   *
   * @param interpreter of Python
   * @param script train_reference.py
   */
  TrainFigures(Figures figures, Engine engine, String interpreter, Path script) {
    this.figures = figures;
    this.engine = engine;
    this.interpreter = interpreter;
    this.script = script;
  }

  /** All figures. @return their names */
  List<String> run(Report report) throws IOException, RefusedException {
    List<String> names = new ArrayList<>();
    // The long training first: by then Java has compiled what every other one calls.
    Optional<TrainMemory> memory = memory(ResidentMemory.STATUS, TrainBench.LONG_EPOCHS);
    if (memory.isPresent()) {
      memory.get().write(report.memory());
    }
    names.add(TrainMemory.FIGURE);
    List<TrainRatio> ratios = ratios(TrainBench.EPOCHS);
    if (!ratios.isEmpty()) {
      TrainRatio.write(report.ratios(), ratios);
    }
    ModelSpec.ARCHITECTURES.forEach(each -> names.add(TrainRatio.figure(each)));
    report.write();
    return names;
  }

  /** None if there is nothing to compare with. */
  List<TrainRatio> ratios(int epochs) throws IOException, RefusedException {
    // "PyTorch 2.7.1 cpu, 1 thread"
    String version = engine.description().split(" ")[1];
    Optional<String> absence = PythonReference.absence(interpreter, version);
    List<TrainRatio> ratios = new ArrayList<>();
    for (String architecture : ModelSpec.ARCHITECTURES) {
      String figure = TrainRatio.figure(architecture);
      if (absence.isPresent()) {
        figures.absent(figure, absence.get());
        continue;
      }
      Subject subject = Subject.of(architecture);
      try (Reference reference = PythonReference.start(interpreter, script, subject)) {
        TrainRatio ratio = new TrainBench(engine, epochs).ratio(subject, reference);
        figures.print(figure, ratio.ratio(), "times n=" + TrainBench.REPETITIONS);
        ratios.add(ratio);
      }
    }
    return ratios;
  }

  /** Empty if the system does not tell. */
  Optional<TrainMemory> memory(Path status, int epochs) throws RefusedException {
    if (!Files.isReadable(status)) {
      figures.absent(TrainMemory.FIGURE, "this system has no " + status);
      return Optional.empty();
    }
    TrainMemory memory = new TrainBench(engine, epochs).memory(status);
    figures.print(TrainMemory.FIGURE, memory.slope(), "MB per 1000 steps");
    return Optional.of(memory);
  }
}
