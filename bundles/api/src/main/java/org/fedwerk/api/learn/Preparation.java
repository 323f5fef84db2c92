// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.task.Costs;
import org.jspecify.annotations.Nullable;

/** From raw windows to what an engine reads. Implemented by the learn room; pure functions. */
public interface Preparation {
  /**
   * Mean and standard deviation of each signal at each step, over the values present in the
   * examples; a constant one gets scale 1. Per step, because a signal's course within a part is
   * alike at all sites while its level is not. Under a schema with regimes of each signal in each
   * regime, over all steps.
   */
  Normalisation fit(Schema schema, List<Example> examples);

  /** (x - mean) / scale; a missing value becomes 0, the mean. */
  float[] apply(Schema schema, Normalisation normalisation, Tensor window);

  /** All examples, in their order. */
  LabelledInputs inputs(Schema schema, Normalisation normalisation, List<Example> examples);

  /**
   * One window of which nothing is known: values to predict with, and what a reconstruction of them
   * is compared with.
   */
  LabelledInputs unlabelled(Schema schema, Normalisation normalisation, Tensor window);

  /**
   * Anomaly scores: of each example the mean squared error of what a network rebuilt, over the
   * values that were there.
   *
   * @param inputs of a task of anomalies
   * @param rebuilt [n x input size]
   * @return n numbers from 0
   */
  double[] scores(LabelledInputs inputs, float[] rebuilt);

  /**
   * Evaluates anomaly scores.
   *
   * @param scores n, as {@link #scores} gives them
   * @param threshold a score above it is an alarm; infinity for none
   */
  Evaluation evaluate(LabelledInputs inputs, double[] scores, double threshold);

  /**
   * Evaluates what a predictor gave [n x outputs] against the inputs' labels.
   *
   * @param loss name of the loss, as in {@link TrainingSpec#loss}. Of anomalies there is no
   *     threshold here, so nothing is an alarm
   * @param costs of a task that has them: the second of two classes counts as predicted from their
   *     threshold on, as sites predict it; else the most likely class does
   */
  Evaluation evaluate(
      LabelSpec label, String loss, @Nullable Costs costs, LabelledInputs inputs, float[] outputs);

  /** Evaluates probabilities [n x classes], of which the highest is predicted. */
  Evaluation evaluate(int classes, LabelledInputs inputs, float[] probabilities);
}
