// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.Task;

/**
 * Takes down what a site's newest training examples are like for a model, before it predicts parts.
 * For the work thread.
 */
final class DriftReferences {
  private final ExampleSource examples;
  private final Preparation preparation;
  private final Scoring scoring;
  private final Deployments deployments;
  private final PersonalModels personal;
  private final DriftBook book;

  DriftReferences(
      ExampleSource examples,
      Preparation preparation,
      Scoring scoring,
      Deployments deployments,
      PersonalModels personal,
      DriftBook book) {
    this.examples = examples;
    this.preparation = preparation;
    this.scoring = scoring;
    this.deployments = deployments;
    this.personal = personal;
    this.book = book;
  }

  /**
   * Keeps the reference of a model that is about to be deployed; nothing happens for a task without
   * drift, or if it is kept already.
   *
   * @param vector the model's parameters, as they travelled
   */
  void keep(
      KnownTask known,
      ModelReference model,
      float[] vector,
      Normalisation normalisation,
      TrainingProgress progress) {
    Task task = known.task();
    DriftSpec drift = task.drift();
    if (drift == null || book.find(known.digest(), model.digest()).isPresent()) {
      return;
    }
    List<Example> train =
        examples.examples(task.schema()).stream()
            .filter(each -> each.role() == DataRole.TRAIN)
            .toList();
    List<Example> newest = train.subList(Math.max(0, train.size() - drift.reference()), train.size());
    if (newest.isEmpty()) {
      return;
    }
    LabelledInputs inputs = preparation.inputs(task.schema(), normalisation, newest);
    Network network = deployments.network(known);
    float[] runs = personal.runs(known, network, vector, model.version());
    float[] outputs = scoring.outputs(network, runs, inputs, progress);
    int width = DriftVariables.names(task, drift).size();
    float[][] columns = new float[width][newest.size()];
    for (int n = 0; n < newest.size(); n++) {
      int from = n * network.outputs();
      Answer answer = Answer.of(task, Arrays.copyOfRange(outputs, from, from + network.outputs()));
      float[] row = DriftVariables.of(task, drift, newest.get(n).window(), answer);
      for (int k = 0; k < width; k++) {
        columns[k][n] = row[k];
      }
    }
    book.keep(
        new DriftBook.Reference(
            known.digest(), model.digest(), new ArrayList<>(Arrays.asList(columns))));
  }
}
