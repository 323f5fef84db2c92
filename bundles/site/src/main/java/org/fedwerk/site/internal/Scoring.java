// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.task.Task;

/** Compares what a model says of examples with their labels. */
final class Scoring {
  private static final int BATCH = 256;

  private final Engine engine;
  private final Preparation preparation;

  Scoring(Engine engine, Preparation preparation) {
    this.engine = engine;
    this.preparation = preparation;
  }

  /**
   * Evaluates a model.
   *
   * @param vector the model's parameters
   * @param inputs at least one example
   * @param progress told after each batch
   * @throws CancellationException if progress said false
   */
  Evaluation of(
      KnownTask task,
      Network network,
      float[] vector,
      LabelledInputs inputs,
      TrainingProgress progress) {
    float[] outputs = outputs(network, vector, inputs, progress);
    Task asked = task.task();
    return preparation.evaluate(
        asked.schema().label(), asked.training().loss(), asked.costs(), inputs, outputs);
  }

  /**
   * Anomaly scores of a model.
   *
   * @param inputs at least one example
   * @return one number for each
   * @throws CancellationException if progress said false
   */
  double[] scores(
      Network network, float[] vector, LabelledInputs inputs, TrainingProgress progress) {
    return preparation.scores(inputs, outputs(network, vector, inputs, progress));
  }

  /**
   * What a model says of examples, [n x outputs].
   *
   * @throws CancellationException if progress said false
   */
  float[] outputs(
      Network network, float[] vector, LabelledInputs inputs, TrainingProgress progress) {
    int width = inputs.values().length / inputs.count();
    float[] all = new float[inputs.count() * network.outputs()];
    try (Predictor predictor = engine.predictor(network, vector)) {
      for (int from = 0; from < inputs.count(); from += BATCH) {
        int count = Math.min(BATCH, inputs.count() - from);
        float[] slice = Arrays.copyOfRange(inputs.values(), from * width, (from + count) * width);
        float[] some = predictor.predict(count, slice);
        System.arraycopy(some, 0, all, from * network.outputs(), some.length);
        if (!progress.step(from + count, inputs.count())) {
          throw new CancellationException("the evaluation was cancelled");
        }
      }
    }
    return all;
  }
}
