// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.ThresholdSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the model that a site runs on the site's own validation examples. Enough is what the task's
 * promotion demands; where it demands nothing, more than an answer that does not look at the part.
 */
final class ModelTrial {
  private static final Logger log = LoggerFactory.getLogger(ModelTrial.class);

  private final Preparation preparation;
  private final Scoring scoring;

  ModelTrial(Engine engine, Preparation preparation) {
    this.preparation = preparation;
    this.scoring = new Scoring(engine, preparation);
  }

  /**
   * What came of a trial.
   *
   * @param worth what the model is worth; empty if that is not known
   * @param unknown why not; empty if it is known
   */
  record Outcome(Optional<Worth> worth, String unknown) {
    private static Outcome unknown(String why) {
      return new Outcome(Optional.empty(), why);
    }
  }

  /**
   * Tries a model.
   *
   * @param deployment the active one; empty if there is none
   * @param train training examples, whose labels give the answer without a look
   * @param validation what it is tried on
   */
  Outcome of(Optional<Deployment> deployment, List<Example> train, List<Example> validation) {
    if (deployment.isEmpty()) {
      return Outcome.unknown("not known before the first model");
    }
    if (validation.isEmpty()) {
      return Outcome.unknown("not known without a validation example");
    }
    try {
      return new Outcome(Optional.of(worth(deployment.get(), train, validation)), "");
    } catch (RuntimeException broken) {
      log.error(
          "Task {}: model version {} could not be tried",
          deployment.get().task().task().name(),
          deployment.get().model().version(),
          broken);
      return Outcome.unknown("not known: it could not be tried, the site's log says why");
    }
  }

  private Worth worth(Deployment deployment, List<Example> train, List<Example> validation) {
    Task task = deployment.task().task();
    LabelledInputs inputs =
        preparation.inputs(task.schema(), deployment.normalisation(), validation);
    float[] outputs =
        scoring.outputs(deployment.network(), deployment.vector(), inputs, (done, total) -> true);
    Evaluation model = evaluation(task, inputs, outputs, deployment.threshold());
    int version = deployment.model().version();
    PromotionSpec promotion = task.promotion();
    if (promotion.by() == PromotionSpec.By.RULE) {
      double value = model.metric(promotion.metric());
      String needed =
          Metrics.isError(promotion.metric())
              ? "at most " + promotion.bound() + " (promotion.most)"
              : "at least " + promotion.bound() + " (promotion.least)";
      return new Worth(
          version, inputs.count(), promotion.metric(), value, needed, promotion.passes(value));
    }
    String metric = task.rounds().metric();
    double blind = blind(deployment, train, inputs).metric(metric);
    double value = model.metric(metric);
    boolean passes =
        Double.isNaN(blind) ? Double.isFinite(value) : Metrics.isBetter(metric, value, blind);
    return new Worth(version, inputs.count(), metric, value, better(metric, blind), passes);
  }

  private static String better(String metric, double blind) {
    if (Double.isNaN(blind)) {
      return "any, as an answer without a look at the part gives none";
    }
    return String.format(
        Locale.ROOT,
        "%s %.4g, which an answer without a look at the part gives",
        Metrics.isError(metric) ? "below" : "above",
        blind);
  }

  private Evaluation evaluation(
      Task task, LabelledInputs inputs, float[] outputs, double threshold) {
    LabelSpec label = task.schema().label();
    return label.isAnomaly()
        ? preparation.evaluate(
            inputs,
            preparation.scores(inputs, outputs),
            Double.isNaN(threshold) ? Double.POSITIVE_INFINITY : threshold)
        : preparation.evaluate(label, task.training().loss(), task.costs(), inputs, outputs);
  }

  /**
   * The evaluation of one answer for all parts: the shares of classes, or the mean, of the training
   * labels; in anomaly detection the mean window as what is rebuilt.
   */
  private Evaluation blind(Deployment deployment, List<Example> train, LabelledInputs inputs) {
    Task task = deployment.task().task();
    int width = deployment.network().outputs();
    float[] one = new float[width];
    if (!task.schema().label().isAnomaly()) {
      LabelledInputs told =
          train.isEmpty()
              ? new LabelledInputs(0, new float[0], new int[0])
              : preparation.inputs(task.schema(), deployment.normalisation(), train);
      one = answer(task.schema().label(), told, width);
    }
    float[] all = new float[inputs.count() * width];
    for (int n = 0; n < inputs.count(); n++) {
      System.arraycopy(one, 0, all, n * width, width);
    }
    return evaluation(task, inputs, all, threshold(task, inputs, all));
  }

  private static float[] answer(LabelSpec label, LabelledInputs told, int width) {
    double[] sums = new double[width];
    // Each class once more than it occurs, so that none is impossible (Laplace).
    double count = told.count();
    if (label.isClass()) {
      Arrays.fill(sums, 1);
      count += width;
      for (int each : told.classes()) {
        sums[each]++;
      }
    } else {
      for (int i = 0; i < told.targets().length; i++) {
        sums[i % width] += told.targets()[i];
      }
    }
    float[] answer = new float[width];
    for (int k = 0; k < width; k++) {
      answer[k] = count == 0 ? 0 : (float) (sums[k] / count);
    }
    return answer;
  }

  private double threshold(Task task, LabelledInputs inputs, float[] outputs) {
    ThresholdSpec spec = task.threshold();
    if (spec == null) {
      return Double.NaN;
    }
    double[] scores = preparation.scores(inputs, outputs);
    double[] normal =
        IntStream.range(0, scores.length)
            .filter(n -> inputs.classes()[n] != Example.DEFECT)
            .mapToDouble(n -> scores[n])
            .toArray();
    return normal.length == 0 ? Double.NaN : spec.of(normal);
  }
}
