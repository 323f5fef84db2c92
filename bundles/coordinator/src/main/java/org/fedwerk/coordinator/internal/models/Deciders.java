// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

/** What decides where no person does; in the place of a name. */
public final class Deciders {
  /** The task's rounds, as long as its document promotes nothing. */
  public static final String ROUNDS = "the task's rounds";

  /** The bound of the task's document. */
  public static final String RULE = "the rule";

  /** The gate of a wave. */
  public static final String GATE = "the gate";

  private Deciders() {}
}
