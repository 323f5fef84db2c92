// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a model's outputs say of a part, in the task's words; the fields are those of a prediction.
 *
 * @param predicted class name, names, a number, or whether a part is normal
 * @param probability of what is predicted; NaN for a number or a score
 * @param probabilities per class; none for a number or a score
 * @param threshold from which the second of two classes, or a class by itself, is predicted, or
 *     above which a score is an alarm; else 0
 * @param score anomaly score; NaN in other tasks
 */
record Answer(
    String predicted,
    double probability,
    List<Double> probabilities,
    double threshold,
    double score) {
  private static final double EVEN = 0.5;

  /** Without an anomaly score. */
  Answer(String predicted, double probability, List<Double> probabilities, double threshold) {
    this(predicted, probability, probabilities, threshold, Double.NaN);
  }

  /**
   * Whether a part is normal; nothing is predicted without a threshold.
   *
   * @param score anomaly score
   * @param threshold of the deployment; NaN for none
   */
  static Answer ofScore(double score, double threshold) {
    String predicted = score > threshold ? Target.ANOMALY : Target.NORMAL;
    return Double.isNaN(threshold)
        ? new Answer("", Double.NaN, List.of(), 0, score)
        : new Answer(predicted, Double.NaN, List.of(), threshold, score);
  }

  /**
   * Reads outputs.
   *
   * @throws ArithmeticException if one is not finite
   */
  static Answer of(Task task, float[] outputs) {
    for (float each : outputs) {
      if (!Float.isFinite(each)) {
        throw new ArithmeticException("the model gives a number that is not finite");
      }
    }
    LabelSpec label = task.schema().label();
    return switch (label.target().kind()) {
      case CLASS -> oneClass(label, outputs, threshold(task.costs(), label));
      case CLASSES -> someClasses(label, outputs);
      case VALUE ->
          new Answer(
              Double.toString((float) label.target().value(outputs[0])), Double.NaN, List.of(), 0);
      case ANOMALY -> throw new IllegalStateException("what is rebuilt is told by its score");
    };
  }

  /** Of a part that cannot be predicted. */
  static Answer none(LabelSpec label) {
    boolean isProbable = !label.classes().isEmpty() && !label.isAnomaly();
    return new Answer("", isProbable ? 0 : Double.NaN, List.of(), 0);
  }

  /**
   * True if somebody should look: another class than the first, any, or an anomaly; empty for a
   * number.
   */
  static Optional<Boolean> alarm(LabelSpec label, String predicted) {
    return switch (label.target().kind()) {
      case CLASS -> Optional.of(!predicted.equals(label.classes().get(0)));
      case CLASSES -> Optional.of(!predicted.equals(Target.NONE));
      case VALUE -> Optional.empty();
      case ANOMALY -> Optional.of(predicted.equals(Target.ANOMALY));
    };
  }

  private static double threshold(@Nullable Costs costs, LabelSpec label) {
    if (label.classes().size() != 2) {
      return 0;
    }
    return costs == null ? EVEN : costs.threshold();
  }

  private static Answer oneClass(LabelSpec label, float[] outputs, double threshold) {
    int best = 0;
    for (int k = 1; k < outputs.length; k++) {
      if (outputs[k] > outputs[best]) {
        best = k;
      }
    }
    if (outputs.length == 2) {
      best = outputs[1] >= threshold ? 1 : 0;
    }
    return new Answer(label.classes().get(best), outputs[best], list(outputs), threshold);
  }

  private static Answer someClasses(LabelSpec label, float[] outputs) {
    List<String> present = new ArrayList<>();
    double least = 1;
    for (int k = 0; k < outputs.length; k++) {
      if (outputs[k] >= EVEN) {
        present.add(label.classes().get(k));
      }
      least = Math.min(least, outputs[k] >= EVEN ? outputs[k] : 1 - outputs[k]);
    }
    String predicted = present.isEmpty() ? Target.NONE : String.join(Target.AND, present);
    return new Answer(predicted, least, list(outputs), EVEN);
  }

  private static List<Double> list(float[] outputs) {
    List<Double> all = new ArrayList<>();
    for (float each : outputs) {
      all.add((double) each);
    }
    return all;
  }
}
