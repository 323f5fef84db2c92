// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.Task;

/**
 * What a task would reach without a federation: each site alone, and all data in one place. The
 * trainer, the split, the per-site normalisation and the rule for stopping are those of the task; a
 * round is the task's local epochs. Test examples are read once, for the model that validation
 * chose.
 */
public final class Baselines {
  private final Architectures architectures;
  private final Preparation preparation;
  private final Engine engine;

  /** Over the rooms that a site uses, too. */
  public Baselines(Architectures architectures, Preparation preparation, Engine engine) {
    this.architectures = architectures;
    this.preparation = preparation;
    this.engine = engine;
  }

  /**
   * Main metric of the task on test examples.
   *
   * @param localHome mean over sites of a site's own model at that site
   * @param localAbroad mean over ordered pairs of different sites of one site's model at the other
   * @param pooled mean over sites of the model trained on all sites' examples
   */
  public record Result(double localHome, double localAbroad, double pooled) {}

  /** A site's inputs, normalised by its own examples. */
  private record Prepared(
      String site, LabelledInputs train, LabelledInputs validation, LabelledInputs test) {}

  /**
   * Trains and evaluates all of them.
   *
   * @throws RefusedException if the task's model is refused
   */
  public Result run(Task task, List<SiteExamples> sites) throws RefusedException {
    Network network = architectures.network(task.model(), task.schema());
    List<Prepared> all = sites.stream().map(site -> prepare(task.schema(), site)).toList();
    double home = 0;
    double abroad = 0;
    for (Prepared site : all) {
      float[] model = train(task, network, site.site(), site.train(), List.of(site));
      for (Prepared other : all) {
        double metric = metric(task, network, model, other.test());
        if (other == site) {
          home += metric;
        } else {
          abroad += metric;
        }
      }
    }
    int pairs = all.size() * (all.size() - 1);
    return new Result(
        home / all.size(), pairs == 0 ? Double.NaN : abroad / pairs, pooled(task, network, all));
  }

  private double pooled(Task task, Network network, List<Prepared> all) {
    LabelledInputs together = concat(all.stream().map(Prepared::train).toList());
    float[] model = train(task, network, "pooled", together, all);
    return all.stream()
        .mapToDouble(site -> metric(task, network, model, site.test()))
        .average()
        .orElseThrow();
  }

  private Prepared prepare(Schema schema, SiteExamples site) {
    Normalisation own = preparation.fit(schema, site.of(DataRole.TRAIN));
    return new Prepared(
        site.site(),
        preparation.inputs(schema, own, site.of(DataRole.TRAIN)),
        preparation.inputs(schema, own, site.of(DataRole.VALIDATION)),
        preparation.inputs(schema, own, site.of(DataRole.TEST)));
  }

  /**
   * Rounds of training until the validation metric, mean over the given sites, rests; the best
   * model.
   */
  private float[] train(
      Task task, Network network, String who, LabelledInputs inputs, List<Prepared> judges) {
    RoundsSpec rounds = task.rounds();
    boolean lowerIsBetter = rounds.metric().equals("loss");
    float[] vector = architectures.initial(network, task.seed());
    float[] best = vector;
    double bestMetric = Double.NEGATIVE_INFINITY;
    int bestRound = 0;
    for (int round = 1; round <= rounds.max(); round++) {
      vector =
          engine
              .train(
                  network,
                  task.training(),
                  inputs,
                  vector,
                  seed(task, who, round),
                  (done, total) -> true)
              .vector();
      float[] candidate = vector;
      double metric =
          judges.stream()
              .mapToDouble(site -> metric(task, network, candidate, site.validation()))
              .average()
              .orElseThrow();
      double score = lowerIsBetter ? -metric : metric;
      if (score > bestMetric) {
        bestMetric = score;
        best = candidate;
        bestRound = round;
      }
      if (round >= rounds.least() && round - bestRound >= rounds.patience()) {
        break;
      }
    }
    return best;
  }

  private double metric(Task task, Network network, float[] vector, LabelledInputs inputs) {
    try (Predictor predictor = engine.predictor(network, vector)) {
      float[] probabilities = predictor.predict(inputs.count(), inputs.values());
      return preparation
          .evaluate(network.outputs(), inputs, probabilities)
          .metric(task.rounds().metric());
    }
  }

  private static long seed(Task task, String who, int round) {
    byte[] text =
        (task.name() + "/" + task.seed() + "/" + who + "/" + round)
            .getBytes(StandardCharsets.UTF_8);
    return java.nio.ByteBuffer.wrap(Digest.of(text).raw()).getLong();
  }

  private static LabelledInputs concat(List<LabelledInputs> parts) {
    int count = parts.stream().mapToInt(LabelledInputs::count).sum();
    List<float[]> values = new ArrayList<>();
    int[] classes = new int[count];
    int at = 0;
    int length = 0;
    for (LabelledInputs part : parts) {
      System.arraycopy(part.classes(), 0, classes, at, part.count());
      at += part.count();
      length += part.values().length;
      values.add(part.values());
    }
    float[] all = Arrays.copyOf(values.get(0), length);
    int to = values.get(0).length;
    for (float[] part : values.subList(1, values.size())) {
      System.arraycopy(part, 0, all, to, part.length);
      to += part.length;
    }
    return new LabelledInputs(count, all, classes);
  }
}
