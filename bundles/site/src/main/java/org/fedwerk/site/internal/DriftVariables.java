// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.Task;

/**
 * What is watched for drift of one part, a number for each variable: of each signal the mean over
 * the window's steps, in the signal's unit, of an image the mean of each channel, and what the
 * model says.
 */
final class DriftVariables {
  /** The name of what the model says; no signal can have it, for its blank. */
  static final String SCORE = "model score";

  private DriftVariables() {}

  /** Their names: those of the signals, then the score, as far as a task watches them. */
  static List<String> names(Task task, DriftSpec drift) {
    List<String> names = new ArrayList<>();
    if (drift.scope().hasInputs()) {
      names.addAll(inputs(task.schema()));
    }
    if (drift.scope().hasScores()) {
      names.add(SCORE);
    }
    return names;
  }

  private static List<String> inputs(Schema schema) {
    ImageSpec image = schema.image();
    if (image == null) {
      return schema.signals().stream().map(SignalSpec::name).toList();
    }
    List<String> channels =
        image.channels() == ImageSpec.GREY ? List.of("grey") : List.of("red", "green", "blue");
    return channels.stream().map(channel -> image.signal() + " " + channel).toList();
  }

  /**
   * The values of one part, in the order of the names; NaN where nothing is known.
   *
   * @param window [signals x steps], raw, or [channels x height x width]
   */
  static float[] of(Task task, DriftSpec drift, Tensor window, Answer answer) {
    int signals = drift.scope().hasInputs() ? task.schema().inputShape()[0] : 0;
    float[] values = new float[signals + (drift.scope().hasScores() ? 1 : 0)];
    int each = signals == 0 ? 0 : task.schema().inputSize() / signals;
    for (int s = 0; s < signals; s++) {
      values[s] = mean(window.values(), s * each, each);
    }
    if (drift.scope().hasScores()) {
      values[signals] = (float) score(task, answer);
    }
    return values;
  }

  private static float mean(float[] values, int from, int count) {
    double sum = 0;
    int present = 0;
    for (int i = from; i < from + count; i++) {
      if (Float.isFinite(values[i])) {
        sum += values[i];
        present++;
      }
    }
    return present == 0 ? Float.NaN : (float) (sum / present);
  }

  /**
   * Of one class the probability of any but the first, of several the mean of their probabilities,
   * of a number the number, of an anomaly its score.
   */
  private static double score(Task task, Answer answer) {
    List<Double> probabilities = answer.probabilities();
    return switch (task.schema().label().target().kind()) {
      case CLASS -> probabilities.isEmpty() ? Double.NaN : 1 - probabilities.get(0);
      case CLASSES ->
          probabilities.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
      case VALUE ->
          answer.predicted().isEmpty() ? Double.NaN : Double.parseDouble(answer.predicted());
      case ANOMALY -> answer.score();
    };
  }
}
