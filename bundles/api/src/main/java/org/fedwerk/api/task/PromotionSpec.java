// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import org.fedwerk.api.learn.Metrics;

/**
 * What makes a committed version the one that sites deploy.
 *
 * @param by who decides
 * @param metric of a rule, one of {@link Metrics}, on the validation examples of each site
 * @param bound of a rule: the metric must be at least that at every site; of an error at most
 * @param rollout how a promoted version goes out
 */
public record PromotionSpec(By by, String metric, double bound, RolloutSpec rollout) {
  /** Sites deploy what their plan names, as soon as it is committed. */
  public static final PromotionSpec TASK =
      new PromotionSpec(By.TASK, "", 0, RolloutSpec.EVERYWHERE_AT_ONCE);

  /** Who decides. */
  public enum By {
    /** The task's rounds: the newest version while they go on, the best one in the end. */
    TASK,
    /** A bound that the validation metric must keep at every site. */
    RULE,
    /** A person at the coordinator. */
    PERSON
  }

  /** True if a version is deployed only once it was promoted. */
  public boolean isGated() {
    return by != By.TASK;
  }

  /** True if a site's value keeps the rule's bound; never for a value that is no number. */
  public boolean passes(double value) {
    return Metrics.isError(metric) ? value <= bound : value >= bound;
  }
}
