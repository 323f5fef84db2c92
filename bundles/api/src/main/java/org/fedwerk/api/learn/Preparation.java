// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;

/** From raw windows to what an engine reads. Implemented by the learn room; pure functions. */
public interface Preparation {
  /**
   * Mean and standard deviation of each signal at each step, over the values present in the
   * examples; a constant one gets scale 1. Per step, because a signal's course within a part is
   * alike at all sites while its level is not.
   */
  Normalisation fit(Schema schema, List<Example> examples);

  /** (x - mean) / scale; a missing value becomes 0, the mean. */
  float[] apply(Schema schema, Normalisation normalisation, Tensor window);

  /** All examples, in their order. */
  LabelledInputs inputs(Schema schema, Normalisation normalisation, List<Example> examples);

  /**
   * Evaluates what a predictor gave [n x outputs] against the inputs' labels.
   *
   * @param loss name of the loss, as in {@link TrainingSpec#loss}
   */
  Evaluation evaluate(LabelSpec label, String loss, LabelledInputs inputs, float[] outputs);

  /** Evaluates probabilities [n x classes] against the inputs' classes. */
  Evaluation evaluate(int classes, LabelledInputs inputs, float[] probabilities);
}
