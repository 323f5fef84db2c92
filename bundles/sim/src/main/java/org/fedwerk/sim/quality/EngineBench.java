// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.ModelSpec;

/**
 * How far two engines are apart on every architecture: what the same parameters give for 256 fixed
 * windows, and what an epoch on them makes of the parameters.
 */
final class EngineBench {
  static final String SET = "engines";

  private final Engine one;
  private final Engine other;

  /**
   * Over two engines.
   *
   * @param one what the other is compared with
   */
  EngineBench(Engine one, Engine other) {
    this.one = one;
    this.other = other;
  }

  /** All architectures, in the order in which they are documented. */
  List<EngineDifference> run() throws RefusedException {
    List<EngineDifference> all = new ArrayList<>();
    for (String architecture : ModelSpec.ARCHITECTURES) {
      all.add(difference(architecture));
    }
    return all;
  }

  private EngineDifference difference(String architecture) throws RefusedException {
    Subject subject = Subject.of(architecture);
    Network network = subject.network();
    float[] start = subject.start();
    LabelledInputs windows = subject.windows();
    float[] mine = logits(one, network, start, windows);
    float[] theirs = logits(other, network, start, windows);
    double largest = 0;
    for (int i = 0; i < mine.length; i++) {
      largest = Math.max(largest, Math.abs((double) mine[i] - theirs[i]));
    }
    return new EngineDifference(
        architecture, start.length, largest, update(subject.spec(), network, start, windows));
  }

  /** Outputs before softmax. */
  private static float[] logits(
      Engine engine, Network network, float[] vector, LabelledInputs windows) {
    try (Predictor predictor = engine.predictor(network.with(Network.Head.IDENTITY), vector)) {
      return predictor.predict(windows.count(), windows.values());
    }
  }

  /** Norm of the difference of both updates over that of the first. */
  private double update(TrainingSpec spec, Network network, float[] start, LabelledInputs windows) {
    float[] mine = trained(one, spec, network, start, windows);
    float[] theirs = trained(other, spec, network, start, windows);
    double apart = 0;
    double moved = 0;
    for (int i = 0; i < start.length; i++) {
      double difference = (double) mine[i] - theirs[i];
      double step = (double) mine[i] - start[i];
      apart += difference * difference;
      moved += step * step;
    }
    return Math.sqrt(apart / moved);
  }

  private static float[] trained(
      Engine engine, TrainingSpec spec, Network network, float[] start, LabelledInputs windows) {
    return engine
        .train(network, spec, windows, start, Subject.SEED, (done, total) -> true)
        .vector();
  }
}
