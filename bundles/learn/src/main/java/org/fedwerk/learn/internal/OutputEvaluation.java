// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;

/** Counts and errors of predictions of labels that are not one class. */
final class OutputEvaluation {
  private static final float PRESENT = 0.5f;

  private OutputEvaluation() {}

  /** Of probabilities per class [n x classes], each predicted from one half. */
  static Evaluation ofLabels(LabelSpec label, LabelledInputs inputs, float[] probabilities) {
    int classes = label.outputs();
    require(inputs, classes, probabilities);
    double lossSum = 0;
    List<Counts> counts = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      long[] cells = new long[4];
      for (int at = k; at < probabilities.length; at += classes) {
        boolean actual = inputs.targets()[at] > PRESENT;
        float probability = probabilities[at];
        if (!(probability >= 0 && probability <= 1)) {
          throw new IllegalArgumentException(
              "probability " + probability + " of class " + k + " is not between 0 and 1");
        }
        cells[(actual ? 2 : 0) + (probability >= PRESENT ? 1 : 0)]++;
        double right = actual ? probability : 1 - probability;
        lossSum -= StrictMath.log(Math.max(right, ProbabilityEvaluation.LEAST_PROBABILITY));
      }
      counts.add(new Counts(cells[0], cells[1], cells[2], cells[3]));
    }
    return Evaluation.ofLabels(inputs.count(), lossSum / classes, counts);
  }

  /** Of scaled numbers [n]; the loss of scaled ones, the errors in the label's unit. */
  static Evaluation ofValues(LabelSpec label, String loss, LabelledInputs inputs, float[] outputs) {
    require(inputs, 1, outputs);
    double scale = label.target().scale();
    double lossSum = 0;
    double squared = 0;
    double absolute = 0;
    for (int n = 0; n < outputs.length; n++) {
      if (!Float.isFinite(outputs[n])) {
        throw new IllegalArgumentException("the output of example " + n + " is " + outputs[n]);
      }
      double error = (double) outputs[n] - inputs.targets()[n];
      lossSum += loss(loss, Math.abs(error));
      squared += error * error * scale * scale;
      absolute += Math.abs(error) * scale;
    }
    return Evaluation.ofErrors(inputs.count(), lossSum, new Errors(squared, absolute));
  }

  private static double loss(String name, double error) {
    return switch (name) {
      case "mse" -> error * error;
      case "mae" -> error;
      case "huber" -> error <= 1 ? error * error / 2 : error - 0.5;
      default -> throw new IllegalArgumentException("no loss of numbers is named " + name);
    };
  }

  private static void require(LabelledInputs inputs, int outputs, float[] given) {
    long expected = (long) inputs.count() * outputs;
    if (given.length != expected || inputs.targets().length != expected) {
      throw new IllegalArgumentException(
          "expected "
              + inputs.count()
              + " x "
              + outputs
              + " outputs and targets, got "
              + given.length
              + " and "
              + inputs.targets().length);
    }
  }
}
