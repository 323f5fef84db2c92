// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.StrategySpec;

/**
 * What batch normalisation does not go with. The mean of sites' running means and variances is one;
 * what an optimizer's step, a step that is scaled by local steps or losses, or a control variate
 * makes of them is none, and a variance may become negative. Where the layers stay at the sites (Li
 * et al. 2021, FedBN) there is nothing to average.
 */
final class NormRule {
  private NormRule() {}

  static void check(Mapping task, ModelSpec model, StrategySpec strategy, LocalSpec local) {
    List<String> travelling =
        model.norms().stream().filter(norm -> !stays(norm, local.layers())).toList();
    if (travelling.isEmpty()) {
      return;
    }
    String other =
        strategy.server().isOptimizing()
            ? "strategy.optimizer " + strategy.server().optimizer()
            : !strategy.aggregator().equals(StrategySpec.FEDAVG.aggregator())
                ? "strategy.aggregator " + strategy.aggregator()
                : local.scaffold() ? "local.scaffold" : "";
    if (!other.isEmpty()) {
      task.refuse(
          "model",
          "norm does not go with "
              + other
              + ", as statistics are averaged and nothing else; leave one of the two out, or let "
              + String.join(", ", travelling)
              + " stay at the sites by local.layers");
    }
  }

  private static boolean stays(String norm, List<String> layers) {
    return layers.stream().anyMatch(layer -> norm.equals(layer) || norm.startsWith(layer + "."));
  }
}
