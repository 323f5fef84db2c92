// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.task.StrategySpec;

/**
 * The rules that a task names.
 *
 * @param aggregator turns updates into one delta
 * @param optimizer turns that into the model's step; empty if it is added as it is
 */
record Strategy(Aggregator aggregator, Optional<ServerOptimizer> optimizer) {
  /**
   * Finds them among what is installed.
   *
   * @param refusals takes what is not; then the result is empty
   */
  static Optional<Strategy> of(StrategySpec spec, Ports ports, List<Refusal> refusals) {
    Optional<Aggregator> aggregator =
        ports.aggregators().stream().filter(a -> a.name().equals(spec.aggregator())).findFirst();
    if (aggregator.isEmpty()) {
      List<String> names = ports.aggregators().stream().map(Aggregator::name).sorted().toList();
      refusals.add(missing("strategy.aggregator", spec.aggregator(), names));
    }
    String wanted = spec.server().optimizer();
    Optional<ServerOptimizer> optimizer =
        ports.optimizers().stream().filter(o -> o.name().equals(wanted)).findFirst();
    boolean lacksOptimizer = spec.server().isOptimizing() && optimizer.isEmpty();
    if (lacksOptimizer) {
      List<String> names = new ArrayList<>(List.of(StrategySpec.Server.NONE.optimizer()));
      ports.optimizers().stream().map(ServerOptimizer::name).sorted().forEach(names::add);
      refusals.add(missing("strategy.optimizer", wanted, names));
    }
    return lacksOptimizer
        ? Optional.empty()
        : aggregator.map(rule -> new Strategy(rule, optimizer));
  }

  private static Refusal missing(String key, String word, List<String> names) {
    return new Refusal(key, 0, "\"" + word + "\" is not installed; use " + names);
  }
}
