// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A learning engine; coarse, so that it could run in another process. Implemented by learn-djl. One
 * training runs at a time; prediction never waits for it.
 */
public interface Engine {
  /** For manifests and status, for example {@code PyTorch 2.7.1 cpu, 1 thread}. */
  String description();

  /**
   * Why this engine cannot run a network, in words that may leave the site; empty if it can. Cheap;
   * loads no native library.
   */
  default Optional<String> refusal(Network network) {
    return Optional.empty();
  }

  /**
   * Trains from a start vector. The same arguments on the same machine give the same bits.
   *
   * @param network the architecture
   * @param spec optimizer, batch, epochs
   * @param inputs training examples, at least one
   * @param start parameters to begin with; not changed
   * @param seed of the order of examples
   * @param progress told after each step
   * @throws CancellationException if progress said false
   * @throws ArithmeticException if the loss is not finite; the message says at which step
   */
  TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress);

  /**
   * The same with a guide.
   *
   * @param guide what else a training follows
   * @throws UnsupportedOperationException if this engine follows none
   */
  default TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      TrainingGuide guide,
      long seed,
      TrainingProgress progress) {
    if (!guide.isNone()) {
      throw new UnsupportedOperationException(
          description() + " trains without control variates, frozen layers and early stop only");
    }
    return train(network, spec, inputs, start, seed, progress);
  }

  /** A predictor with a copy of the parameters, for one thread at a time. */
  Predictor predictor(Network network, float[] vector);
}
