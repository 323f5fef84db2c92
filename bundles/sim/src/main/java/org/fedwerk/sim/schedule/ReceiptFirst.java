// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.store.Storage;
import org.fedwerk.sim.fault.EffectsFirst;

/** The coordinator's effects run before its records are written. */
final class ReceiptFirst implements Mutant.Bug {
  private final Map<String, EffectsFirst> lives = new HashMap<>();

  @Override
  public UnaryOperator<Storage> storage(String actor) {
    if (!Mutant.Bug.isCoordinator(actor)) {
      return UnaryOperator.identity();
    }
    return storage -> {
      EffectsFirst mistake = new EffectsFirst();
      lives.put(actor, mistake);
      return mistake.over(storage);
    };
  }

  @Override
  public UnaryOperator<Link> link(String actor) {
    return link -> {
      EffectsFirst mistake = lives.get(actor);
      return mistake == null ? link : mistake.over(link);
    };
  }
}
