// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes down what a site's newest training examples are like for a deployed model. For the work
 * thread.
 */
final class DriftReferences {
  private static final Logger log = LoggerFactory.getLogger(DriftReferences.class);

  private final ExampleSource examples;
  private final Preparation preparation;
  private final Scoring scoring;
  private final DriftBook book;

  DriftReferences(ExampleSource examples, Preparation preparation, Engine engine, DriftBook book) {
    this.examples = examples;
    this.preparation = preparation;
    this.scoring = new Scoring(engine, preparation);
    this.book = book;
  }

  /** Keeps the reference of a deployment; nothing happens without training examples. */
  void keep(Deployment deployment, DriftSpec drift) {
    try {
      int seen = book.forgotten();
      reference(deployment, drift).ifPresent(each -> book.keep(each, seen));
    } catch (RuntimeException broken) {
      log.error(
          "Task {}: what drift is measured against could not be taken down",
          deployment.task().task().name(),
          broken);
    }
  }

  private Optional<DriftBook.Reference> reference(Deployment deployment, DriftSpec drift) {
    Task task = deployment.task().task();
    List<Example> train =
        examples.examples(task.schema()).stream()
            .filter(each -> each.role() == DataRole.TRAIN)
            .filter(task.schema().label()::learnsFrom)
            .toList();
    List<Example> newest =
        train.subList(Math.max(0, train.size() - drift.reference()), train.size());
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    LabelledInputs inputs = preparation.inputs(task.schema(), deployment.normalisation(), newest);
    Network network = deployment.network();
    float[] outputs = scoring.outputs(network, deployment.vector(), inputs, (done, total) -> true);
    boolean isAnomaly = task.schema().label().isAnomaly();
    double[] scores = isAnomaly ? preparation.scores(inputs, outputs) : new double[0];
    float[][] columns = new float[DriftVariables.names(task, drift).size()][newest.size()];
    for (int n = 0; n < newest.size(); n++) {
      int from = n * network.outputs();
      Answer answer =
          isAnomaly
              ? Answer.ofScore(scores[n], deployment.threshold())
              : Answer.of(task, Arrays.copyOfRange(outputs, from, from + network.outputs()));
      float[] row = DriftVariables.of(task, drift, newest.get(n).window(), answer);
      for (int k = 0; k < row.length; k++) {
        columns[k][n] = row[k];
      }
    }
    return Optional.of(
        new DriftBook.Reference(
            deployment.task().digest(), deployment.model().digest(), Arrays.asList(columns)));
  }
}
