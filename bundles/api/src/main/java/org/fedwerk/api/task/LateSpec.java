// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

/**
 * What becomes of an update that comes when its phase is over. A kept one is folded with those of
 * the next fold; it is scaled by how many versions the model has gone on since the one it started
 * from.
 *
 * @param choice dropped or kept
 * @param exponent a in 1/(1+tau)^a, by which an update tau versions behind is scaled; 0 or more
 * @param most versions that an update may be behind; one further behind is dropped
 */
public record LateSpec(Choice choice, double exponent, int most) {
  /** Late updates are dropped. */
  public static final LateSpec DROP = new LateSpec(Choice.DROP, 0, 0);

  /** What is done. */
  public enum Choice {
    /** It is not used. */
    DROP,
    /** It is folded later, scaled by its staleness. */
    STALENESS
  }

  /** True if late updates are used. */
  public boolean keeps() {
    return choice == Choice.STALENESS;
  }

  /**
   * By what an update is scaled: 1/(1+tau)^a (Nguyen et al. 2022, Federated Learning with Buffered
   * Asynchronous Aggregation, section 5, with a = 1/2).
   *
   * @param tau versions between the model it started from and the one it is added to, from 0
   */
  public double factor(int tau) {
    return tau == 0 ? 1 : Math.pow(1.0 + tau, -exponent);
  }
}
