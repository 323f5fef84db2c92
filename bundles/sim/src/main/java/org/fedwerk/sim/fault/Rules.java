// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.List;
import org.fedwerk.aggregate.internal.FedAdagrad;
import org.fedwerk.aggregate.internal.FedAdam;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.aggregate.internal.FedAvgM;
import org.fedwerk.aggregate.internal.FedNova;
import org.fedwerk.aggregate.internal.FedYogi;
import org.fedwerk.aggregate.internal.QFedAvg;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.ServerOptimizer;

/** What an installation's coordinator finds as services. */
public final class Rules {
  /** Rules that tasks may name. */
  public static final List<Aggregator> AGGREGATORS =
      List.of(new FedAvg(), new FedNova(), new QFedAvg());

  /** Server optimizers that tasks may name. */
  public static final List<ServerOptimizer> OPTIMIZERS =
      List.of(new FedAvgM(), new FedAdagrad(), new FedAdam(), new FedYogi());

  private Rules() {}

  /** A server optimizer by its name in a task. */
  static ServerOptimizer optimizer(String name) {
    return OPTIMIZERS.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }
}
