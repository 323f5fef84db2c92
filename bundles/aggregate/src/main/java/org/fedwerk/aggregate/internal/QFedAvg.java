// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import java.util.List;
import java.util.Set;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.UpdateFacts;
import org.fedwerk.api.task.Task;
import org.osgi.service.component.annotations.Component;

/**
 * Fair averaging (Li et al. 2020, Fair Resource Allocation in Federated Learning, algorithm 2): a
 * site of loss F counts F^q times, so that the worst served one gains most. With L = 1 / the local
 * learning rate and D_k = -L d_k: x' = x - sum(F_k^q D_k) / sum(q F_k^(q-1) |D_k|^2 + L F_k^q).
 * Sites count alike, as in the article; their number of examples plays no part. No state; any
 * thread may call.
 */
@Component(service = Aggregator.class)
public final class QFedAvg implements Aggregator {
  /** Name in a task. */
  public static final String NAME = "qfedavg";

  /** Keeps F^(q-1) finite at a site without loss, as the authors' program does. */
  private static final double SMALLEST_LOSS = 1e-10;

  private final FedAvg mean = new FedAvg();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.START_LOSS, Need.SQUARED_NORM);
  }

  @Override
  public double[] aggregate(List<float[]> updates, double[] weights) {
    return mean.aggregate(updates, weights);
  }

  /** The sum above as scales for a weighted mean, whose own weights they take out again. */
  @Override
  public double[] factors(Task task, List<UpdateFacts> updates, double[] weights) {
    double q = task.strategy().fairness();
    double inverseRate = 1 / task.training().rate();
    double[] powers = new double[weights.length];
    double bound = 0;
    double total = 0;
    for (int k = 0; k < weights.length; k++) {
      double loss = loss(updates.get(k), k);
      powers[k] = Math.pow(loss, q);
      double squared = inverseRate * inverseRate * updates.get(k).squaredNorm();
      bound += q * Math.pow(loss, q - 1) * squared + inverseRate * powers[k];
      total += weights[k];
    }
    double[] factors = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      factors[k] = inverseRate * powers[k] / bound * (total / weights[k]);
      if (!Double.isFinite(factors[k])) {
        throw new IllegalArgumentException(
            NAME + ": the losses and norms of the updates make no finite step; lower strategy.q");
      }
    }
    return factors;
  }

  private static double loss(UpdateFacts facts, int update) {
    double loss = facts.startLoss();
    if (!(loss >= 0) || Double.isInfinite(loss)) {
      throw new IllegalArgumentException(
          NAME + ": update " + update + " has the loss " + loss + ", it must be finite and from 0");
    }
    return loss + SMALLEST_LOSS;
  }
}
