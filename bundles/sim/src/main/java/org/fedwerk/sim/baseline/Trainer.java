// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.Task;

/**
 * Trains one model in one place as a task would have sites train: the same trainer, per-site
 * normalisation and rule for stopping; a round is the task's local epochs.
 */
public final class Trainer {
  private final Architectures architectures;
  private final Preparation preparation;
  private final Engine engine;
  private final Task task;
  private final Network network;

  /**
   * For a task.
   *
   * @throws RefusedException if the task's model is refused
   */
  public Trainer(Architectures architectures, Preparation preparation, Engine engine, Task task)
      throws RefusedException {
    this.architectures = architectures;
    this.preparation = preparation;
    this.engine = engine;
    this.task = task;
    this.network = architectures.network(task.model(), task.schema());
  }

  /** A site's inputs, normalised by its own training examples. */
  public record Prepared(
      String site, LabelledInputs train, LabelledInputs validation, LabelledInputs test) {
    /** Those that a model is chosen by, or those it is reported on. */
    public LabelledInputs of(DataRole role) {
      return switch (role) {
        case TRAIN -> train;
        case VALIDATION -> validation;
        case TEST -> test;
      };
    }
  }

  /** Normalises by what the site trains on. */
  public Prepared prepare(SiteExamples site) {
    Schema schema = task.schema();
    List<Example> learned =
        site.of(DataRole.TRAIN).stream().filter(schema.label()::learnsFrom).toList();
    Normalisation own = preparation.fit(schema, learned);
    return new Prepared(
        site.site(),
        preparation.inputs(schema, own, learned),
        preparation.inputs(schema, own, site.of(DataRole.VALIDATION)),
        preparation.inputs(schema, own, site.of(DataRole.TEST)));
  }

  /**
   * Rounds of training until the task's validation metric, mean over the given sites, rests.
   *
   * @param who is part of the seed
   * @param inputs what it trains on
   * @param judges whose validation examples choose the round
   * @return the parameters of the best round
   * @throws java.util.concurrent.CancellationException if the thread is interrupted meanwhile
   */
  public float[] train(String who, LabelledInputs inputs, List<Prepared> judges) {
    RoundsSpec rounds = task.rounds();
    float[] vector = architectures.initial(network, task.seed());
    float[] best = vector;
    double bestMetric = Double.NaN;
    int bestRound = 0;
    for (int round = 1; round <= rounds.max(); round++) {
      vector =
          engine
              .train(
                  network,
                  task.training(),
                  inputs,
                  vector,
                  seed(who, round),
                  (done, of) -> !Thread.currentThread().isInterrupted())
              .vector();
      double metric = mean(vector, judges);
      if (Double.isNaN(bestMetric) || Metrics.isBetter(rounds.metric(), metric, bestMetric)) {
        bestMetric = metric;
        best = vector;
        bestRound = round;
      }
      if (round >= rounds.least() && round - bestRound >= rounds.patience()) {
        break;
      }
    }
    return best;
  }

  private double mean(float[] vector, List<Prepared> judges) {
    return judges.stream()
        .mapToDouble(site -> evaluate(vector, site.validation()).metric(task.rounds().metric()))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** What a model is worth on inputs. */
  public Evaluation evaluate(float[] vector, LabelledInputs inputs) {
    return preparation.evaluate(
        task.schema().label(),
        task.training().loss(),
        task.costs(),
        inputs,
        predict(vector, inputs));
  }

  /** What a model gives for inputs [n x outputs]. */
  public float[] predict(float[] vector, LabelledInputs inputs) {
    try (Predictor predictor = engine.predictor(network, vector)) {
      return predictor.predict(inputs.count(), inputs.values());
    }
  }

  /** Predicted numbers in the label's unit; none if the label is no number. */
  public double[] values(float[] vector, LabelledInputs inputs) {
    Target target = task.schema().label().target();
    if (target.kind() != Target.Kind.VALUE) {
      return new double[0];
    }
    float[] outputs = predict(vector, inputs);
    double[] values = new double[outputs.length];
    for (int n = 0; n < values.length; n++) {
      values[n] = target.value(outputs[n]);
    }
    return values;
  }

  private long seed(String who, int round) {
    byte[] text =
        (task.name() + "/" + task.seed() + "/" + who + "/" + round)
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Digest.of(text).raw()).getLong();
  }

  /** The training inputs of several sites as those of one. */
  public static LabelledInputs concat(List<LabelledInputs> parts) {
    int count = 0;
    float[] values = new float[0];
    int[] classes = new int[0];
    float[] targets = new float[0];
    for (LabelledInputs part : parts) {
      count += part.count();
      values = joined(values, part.values());
      targets = joined(targets, part.targets());
      int length = classes.length;
      classes = Arrays.copyOf(classes, length + part.classes().length);
      System.arraycopy(part.classes(), 0, classes, length, part.classes().length);
    }
    return new LabelledInputs(count, values, classes, targets);
  }

  private static float[] joined(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
