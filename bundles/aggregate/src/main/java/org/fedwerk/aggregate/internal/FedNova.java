// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import java.util.List;
import java.util.Set;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.UpdateFacts;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.Task;
import org.osgi.service.component.annotations.Component;

/**
 * Normalised averaging (Wang et al. 2020, Tackling the Objective Inconsistency Problem, section
 * 4.1): x' = x + t sum(p_k d_k / a_k) with t = sum(p_k a_k), so that a site that makes more local
 * steps does not pull harder. a_k is what the site's steps add up to: the sum of the weights with
 * which its gradients stand in its update. No state; any thread may call.
 */
@Component(service = Aggregator.class)
public final class FedNova implements Aggregator {
  /** Name in a task. */
  public static final String NAME = "fednova";

  private final FedAvg mean = new FedAvg();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.STEPS);
  }

  @Override
  public double[] aggregate(List<float[]> updates, double[] weights) {
    return mean.aggregate(updates, weights);
  }

  @Override
  public double[] factors(Task task, List<UpdateFacts> updates, double[] weights) {
    double[] sums = new double[weights.length];
    double effective = 0;
    double total = 0;
    for (int k = 0; k < weights.length; k++) {
      sums[k] = gradients(task.training(), updates.get(k).steps(), k);
      effective += weights[k] * sums[k];
      total += weights[k];
    }
    double[] factors = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      factors[k] = effective / total / sums[k];
    }
    return factors;
  }

  /**
   * a_k, by letting every gradient be 1: u is how far the parameters have gone, in learning rates.
   * With momentum a gradient goes on acting, with FedProx the pull back to the global model takes
   * some of it away.
   */
  private static double gradients(TrainingSpec spec, double steps, int update) {
    if (!(steps >= 1) || Double.isInfinite(steps)) {
      throw new IllegalArgumentException(
          NAME + ": update " + update + " comes of " + steps + " steps, it must be at least 1");
    }
    double pull = spec.rate() * spec.proximal();
    if (spec.momentum() == 0 && pull == 0) {
      return steps;
    }
    double velocity = 0;
    double moved = 0;
    for (long step = 0; step < (long) steps; step++) {
      velocity = spec.momentum() * velocity + 1 - pull * moved;
      moved += velocity;
    }
    if (!(moved > 0)) {
      throw new IllegalArgumentException(
          NAME
              + ": training.rate times training.proximal = "
              + pull
              + " lets steps cancel each other; it must be below 1");
    }
    return moved;
  }
}
