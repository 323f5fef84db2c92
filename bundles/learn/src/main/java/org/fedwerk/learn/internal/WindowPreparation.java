// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.Costs;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Standardises inputs as {@link Standardisation} says, and evaluates outputs. A value that is not
 * finite counts as missing. No state; any thread may call.
 */
@Component
public final class WindowPreparation implements Preparation {

  @Override
  public Normalisation fit(Schema schema, List<Example> examples) {
    List<float[]> windows =
        examples.stream().map(e -> values(schema, e.window(), "example " + e.serial())).toList();
    return Standardisation.of(schema).fit(windows);
  }

  @Override
  public float[] apply(Schema schema, Normalisation normalisation, Tensor window) {
    float[] normalised = new float[schema.inputSize()];
    normalise(schema, normalisation, values(schema, window, "the window"), normalised, 0);
    return normalised;
  }

  @Override
  public LabelledInputs inputs(Schema schema, Normalisation normalisation, List<Example> examples) {
    int size = schema.inputSize();
    float[] values = new float[Math.multiplyExact(size, examples.size())];
    int count = examples.size();
    LabelSpec label = schema.label();
    int outputs = label.isAnomaly() ? size : label.outputs();
    boolean isClass = label.isClass();
    int[] classes = new int[isClass || label.isAnomaly() ? count : 0];
    float[] targets = new float[isClass ? 0 : Math.multiplyExact(count, outputs)];
    for (int n = 0; n < count; n++) {
      Example example = examples.get(n);
      float[] raw = values(schema, example.window(), "example " + example.serial());
      normalise(schema, normalisation, raw, values, n * size);
      if (isClass) {
        classes[n] = example.classIndex();
      } else if (label.isAnomaly()) {
        classes[n] = Math.max(0, example.classIndex());
        System.arraycopy(values, n * size, targets, n * size, size);
        mask(raw, targets, n * size);
      } else {
        target(schema, example, targets, n * outputs);
      }
    }
    return new LabelledInputs(count, values, classes, targets);
  }

  @Override
  public LabelledInputs unlabelled(Schema schema, Normalisation normalisation, Tensor window) {
    float[] values = apply(schema, normalisation, window);
    float[] targets = values.clone();
    mask(window.values(), targets, 0);
    return new LabelledInputs(1, values, new int[1], targets);
  }

  /** A value that is not there is compared with nothing. */
  private static void mask(float[] raw, float[] targets, int offset) {
    for (int i = 0; i < raw.length; i++) {
      if (!Float.isFinite(raw[i])) {
        targets[offset + i] = Float.NaN;
      }
    }
  }

  @Override
  public double[] scores(LabelledInputs inputs, float[] rebuilt) {
    return AnomalyEvaluation.scores(inputs, rebuilt);
  }

  @Override
  public Evaluation evaluate(LabelledInputs inputs, double[] scores, double threshold) {
    return AnomalyEvaluation.of(inputs, scores, threshold);
  }

  private static void target(Schema schema, Example example, float[] targets, int offset) {
    float[] target = example.target().values();
    if (target.length != schema.label().outputs()) {
      throw new IllegalArgumentException(
          "example "
              + example.serial()
              + " has a target of "
              + target.length
              + " numbers, schema "
              + schema.name()
              + " demands "
              + schema.label().outputs());
    }
    boolean isValue = schema.label().target().kind() == Target.Kind.VALUE;
    for (int i = 0; i < target.length; i++) {
      targets[offset + i] = isValue ? schema.label().target().scaled(target[i]) : target[i];
    }
  }

  private static void normalise(
      Schema schema, Normalisation normalisation, float[] raw, float[] target, int offset) {
    Standardisation standardisation = Standardisation.of(schema);
    int groups = standardisation.groups();
    if (normalisation.mean().length != groups || normalisation.scale().length != groups) {
      throw new IllegalArgumentException(
          "the normalisation is for "
              + normalisation.mean().length
              + " values, schema "
              + schema.name()
              + " has "
              + groups
              + "; fit it again");
    }
    for (int i = 0; i < raw.length; i++) {
      int group = standardisation.group(raw, i);
      float value = (raw[i] - normalisation.mean()[group]) / normalisation.scale()[group];
      target[offset + i] = Float.isFinite(value) ? value : 0;
    }
  }

  private static float[] values(Schema schema, Tensor window, String whose) {
    int[] shape = schema.inputShape();
    if (!Arrays.equals(shape, window.shape())) {
      throw new IllegalArgumentException(
          whose
              + " has shape "
              + Arrays.toString(window.shape())
              + ", schema "
              + schema.name()
              + " demands "
              + Arrays.toString(shape));
    }
    return window.values();
  }

  @Override
  public Evaluation evaluate(
      LabelSpec label, String loss, @Nullable Costs costs, LabelledInputs inputs, float[] outputs) {
    return switch (label.target().kind()) {
      case CLASS ->
          costs == null
              ? ProbabilityEvaluation.of(label.outputs(), inputs, outputs)
              : ProbabilityEvaluation.of(inputs, outputs, costs.threshold());
      case CLASSES -> OutputEvaluation.ofLabels(label, inputs, outputs);
      case VALUE -> OutputEvaluation.ofValues(label, loss, inputs, outputs);
      case ANOMALY ->
          AnomalyEvaluation.of(
              inputs, AnomalyEvaluation.scores(inputs, outputs), Double.POSITIVE_INFINITY);
    };
  }

  @Override
  public Evaluation evaluate(int classes, LabelledInputs inputs, float[] probabilities) {
    return ProbabilityEvaluation.of(classes, inputs, probabilities);
  }
}
