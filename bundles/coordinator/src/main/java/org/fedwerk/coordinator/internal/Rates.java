// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.Task;

/**
 * The rates of a phase in which sites evaluated. Of each metric of the label's kind: the mean over
 * sites, that mean weighted by examples, the same rate of the summed counts, and the worst site's.
 * A site whose rate is no number, because a class is absent there, is in none of the means.
 */
final class Rates {
  private final Task task;
  private final String prefix;
  private final Collection<Evaluation> sites;

  /**
   * Rates of a phase.
   *
   * @param prefix of their names, {@code validation} or {@code test}
   * @param sites the evaluation of each site that told one
   */
  Rates(Task task, String prefix, Collection<Evaluation> sites) {
    this.task = task;
    this.prefix = prefix;
    this.sites = sites;
  }

  /** By name, in a fixed order. */
  Map<String, Double> all() {
    Evaluation sum =
        sites.stream().reduce(Evaluation.none(task.schema().label()), Evaluation::plus);
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String metric : Metrics.of(task.schema().label().target().kind())) {
      rates.put(prefix + "." + metric, mean(metric, false));
      rates.put(prefix + ".weighted." + metric, mean(metric, true));
      rates.put(prefix + ".summed." + metric, sum.metric(metric));
      rates.put(prefix + ".worst." + metric, worst(metric));
    }
    rates.put(prefix + ".examples", (double) sum.count());
    Costs costs = task.costs();
    if (costs != null) {
      double best = costs.best(sum);
      rates.put(prefix + ".threshold", costs.threshold());
      String saving = "saving-per-1000." + costs.currency();
      rates.put(prefix + "." + saving, costs.saving(sum, costs.threshold()));
      rates.put(prefix + ".best-threshold", best);
      rates.put(prefix + ".best-" + saving, costs.saving(sum, best));
    }
    return rates;
  }

  private double mean(String metric, boolean weighted) {
    double total = 0;
    double weights = 0;
    for (Evaluation each : sites) {
      double value = each.metric(metric);
      if (!Double.isNaN(value)) {
        double weight = weighted ? each.count() : 1;
        total += weight * value;
        weights += weight;
      }
    }
    return weights == 0 ? Double.NaN : total / weights;
  }

  private double worst(String metric) {
    double worst = Double.NaN;
    for (Evaluation each : sites) {
      double value = each.metric(metric);
      if (!Double.isNaN(value) && (Double.isNaN(worst) || Metrics.isBetter(metric, worst, value))) {
        worst = value;
      }
    }
    return worst;
  }
}
