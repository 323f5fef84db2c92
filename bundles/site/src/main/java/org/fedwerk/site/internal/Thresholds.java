// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.task.ThresholdSpec;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.fedwerk.site.internal.PersonalBook.Kind;

/**
 * From which anomaly score on a part of this site is an alarm, for each model that it runs or
 * judges: a quantile of the scores of its normal validation parts, or of its training parts while
 * it has none of them. Nothing of it leaves the site. For the site's one work thread.
 */
final class Thresholds {
  /** What fitting a threshold is called in the record of what was read. */
  private static final String THRESHOLD = "threshold";

  /** Its phase before a deployment: behind fine-tuning, whose result it is for. */
  private static final int BEFORE_THE_DEPLOYMENT = -3;

  /** Its phase before an evaluation of another model than what is deployed. */
  private static final int BEFORE_THE_EVALUATION = -4;

  private final Reading reading;
  private final Preparation preparation;
  private final Scoring scoring;
  private final Deployments deployments;
  private final PersonalModels personal;

  Thresholds(
      Reading reading,
      Preparation preparation,
      Scoring scoring,
      Deployments deployments,
      PersonalModels personal) {
    this.reading = reading;
    this.preparation = preparation;
    this.scoring = scoring;
    this.deployments = deployments;
    this.personal = personal;
  }

  /** True if a task's models give anomaly scores. */
  boolean isNeeded(KnownTask task) {
    return task.task().threshold() != null;
  }

  /**
   * Fits the threshold of a model that is about to be deployed, if one is needed; it is on disk
   * when this returns.
   *
   * @param travelled the model's parameters as they came
   */
  void keep(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] travelled,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    if (!isNeeded(task) || !deployments.isNew(task, plan.model())) {
      return;
    }
    int version = plan.model().version();
    float[] runs = personal.runs(task, deployments.network(task), travelled, version);
    ReplyKey of = new ReplyKey(key.task(), version, 0, BEFORE_THE_DEPLOYMENT, key.site());
    float threshold = fit(task, of, plan, runs, normalisation, progress);
    int oldest = deployments.history(task.digest()).oldest(version);
    personal.book().keep(of, Kind.THRESHOLD, new float[] {threshold}, oldest);
  }

  /**
   * Evaluates a model with the threshold that it would have here.
   *
   * @param runs the parameters that this site runs of the model
   */
  Evaluation evaluate(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] runs,
      LabelledInputs inputs,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    ReplyKey of =
        new ReplyKey(key.task(), key.round(), key.attempt(), BEFORE_THE_EVALUATION, key.site());
    float threshold = fit(task, of, plan, runs, normalisation, progress);
    double[] scores = scoring.scores(deployments.network(task), runs, inputs, progress);
    return preparation.evaluate(inputs, scores, threshold);
  }

  private float fit(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] runs,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    ThresholdSpec spec = task.task().threshold();
    if (spec == null) {
      throw new IllegalStateException("task " + task.task().name() + " has no threshold");
    }
    List<Example> normal = reading.normal(task.task().schema(), DataRole.VALIDATION);
    if (normal.isEmpty()) {
      normal = reading.normal(task.task().schema(), DataRole.TRAIN);
    }
    UseManifest use = reading.begin(key, THRESHOLD, plan, normal);
    Network network = deployments.network(task);
    LabelledInputs inputs = reading.inputs(task, use, normalisation);
    float threshold = spec.of(scoring.scores(network, runs, inputs, progress));
    reading.requireWhole(use);
    return threshold;
  }
}
