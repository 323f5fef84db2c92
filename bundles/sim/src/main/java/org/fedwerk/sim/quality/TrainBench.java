// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/** How fast an engine trains beside its own front end, and what a long training does to memory. */
final class TrainBench {
  static final String SET = "train";

  /** Runs of each, in turn. */
  static final int REPETITIONS = 5;

  /** Of a run, 80 steps: short, so that whatever else the machine does hits both alike. */
  static final int EPOCHS = 10;

  /** Of the training for memory, 10,000 steps. */
  static final int LONG_EPOCHS = 1250;

  /** Trained for memory. */
  static final String LONG = "cnn1d";

  /** Runs of each that are not counted: Java compiles what is called often. */
  private static final int WARM_UPS = 3;

  private static final double MOST_APART = 1e-4;
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final TrainingProgress GO_ON = (done, total) -> true;

  private final Engine engine;
  private final int epochs;

  /**
   * Over an engine.
   *
   * @param epochs of a run
   */
  TrainBench(Engine engine, int epochs) {
    this.engine = engine;
    this.epochs = epochs;
  }

  /**
   * Samples per second, of each the median.
   *
   * @throws IllegalStateException if the reference trains something else
   */
  TrainRatio ratio(Subject subject, Reference reference) throws IOException {
    requireSame(subject, reference);
    for (int i = 0; i < WARM_UPS; i++) {
      train(subject);
      reference.train(epochs);
    }
    List<Reference.Duration> ours = new ArrayList<>();
    List<Reference.Duration> theirs = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      ours.add(train(subject));
      theirs.add(reference.train(epochs));
    }
    double samples = (double) epochs * subject.windows().count();
    return new TrainRatio(
        subject.model().architecture(),
        subject.start().length,
        samples / median(ours, Reference.Duration::seconds),
        samples / median(theirs, Reference.Duration::seconds),
        median(theirs, Reference.Duration::processorSeconds)
            / median(ours, Reference.Duration::processorSeconds));
  }

  private Reference.Duration train(Subject subject) {
    long begin = System.nanoTime();
    long computing = SYSTEM.getProcessCpuTime();
    train(subject, subject.spec().batch(), epochs, GO_ON);
    double computed = (SYSTEM.getProcessCpuTime() - computing) / 1e9;
    return new Reference.Duration((System.nanoTime() - begin) / 1e9, computed);
  }

  /** As many parameters, and the same loss of the same examples at the same parameters. */
  private void requireSame(Subject subject, Reference reference) {
    int parameters = subject.start().length;
    double loss = startLoss(subject);
    if (reference.parameters() != parameters
        || !(Math.abs(reference.startLoss() - loss) <= MOST_APART * loss)) {
      throw new IllegalStateException(
          subject.model().architecture()
              + " is another network to the reference: it has "
              + reference.parameters()
              + " parameters and the loss "
              + reference.startLoss()
              + ", Fedwerk's "
              + parameters
              + " and "
              + loss);
    }
  }

  /** Mean over all windows at the first parameters. */
  double startLoss(Subject subject) {
    TrainedVector whole = train(subject, subject.windows().count(), 1, GO_ON);
    return whole.lossSum() / whole.lossCount();
  }

  private TrainedVector train(Subject subject, int batch, int times, TrainingProgress progress) {
    TrainingSpec of = subject.spec();
    TrainingSpec spec =
        new TrainingSpec(of.optimizer(), of.rate(), of.momentum(), batch, times, false)
            .withLoss(of.loss());
    return engine.train(
        subject.network(), spec, subject.windows(), subject.start(), Subject.SEED, progress);
  }

  /**
   * Resident memory in one training.
   *
   * @param status where it is read
   */
  TrainMemory memory(Path status) throws RefusedException {
    Subject subject = Subject.of(LONG);
    ResidentMemory memory = new ResidentMemory(status);
    train(subject, subject.spec().batch(), epochs, memory);
    return memory.measured();
  }

  private static double median(
      List<Reference.Duration> runs, ToDoubleFunction<Reference.Duration> of) {
    return runs.stream().mapToDouble(of).sorted().toArray()[runs.size() / 2];
  }
}
