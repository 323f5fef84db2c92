// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.Task;
import org.fedwerk.sim.baseline.Trainer.Prepared;

/**
 * What a task would reach without a federation: each site alone, and all data in one place. The
 * trainer, the split, the normalisation and the rule for stopping are those of the task; a round is
 * the task's local epochs. Test examples are read once, for the model that validation chose.
 */
public final class Baselines {
  /** Whose seed the pooled model has. */
  static final String POOLED = "pooled";

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

  /**
   * Trains and evaluates all of them.
   *
   * @throws RefusedException if the task's model is refused
   */
  public Result run(Task task, List<SiteExamples> sites) throws RefusedException {
    Trainer trainer = new Trainer(architectures, preparation, engine, task);
    String metric = task.rounds().metric();
    List<Prepared> all = trainer.prepare(sites);
    double home = 0;
    double abroad = 0;
    for (Prepared site : all) {
      float[] model = trainer.train(site.site(), site.train(), List.of(site));
      for (Prepared other : all) {
        double value = trainer.evaluate(model, other.test()).metric(metric);
        if (other == site) {
          home += value;
        } else {
          abroad += value;
        }
      }
    }
    LabelledInputs together = Trainer.concat(all.stream().map(Prepared::train).toList());
    float[] pooled = trainer.train(POOLED, together, all);
    double mean =
        all.stream()
            .mapToDouble(site -> trainer.evaluate(pooled, site.test()).metric(metric))
            .average()
            .orElseThrow();
    int pairs = all.size() * (all.size() - 1);
    return new Result(home / all.size(), pairs == 0 ? Double.NaN : abroad / pairs, mean);
  }
}
