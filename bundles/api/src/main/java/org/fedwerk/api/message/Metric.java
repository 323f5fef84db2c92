// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

/**
 * One number a site reports.
 *
 * @param name for example {@code train.loss}
 * @param value the number
 * @param count examples behind it
 * @param disclosure who may see it
 */
public record Metric(String name, double value, long count, Disclosure disclosure) {
  /** Mean loss of the last local epoch. */
  public static final String TRAIN_LOSS = "train.loss";

  /** Local optimizer steps. */
  public static final String TRAIN_STEPS = "train.steps";

  /** Mean loss of the training examples at the model that the training began with. */
  public static final String TRAIN_START_LOSS = "train.start-loss";

  /** The cluster, from 1, whose model the training began with. */
  public static final String TRAIN_CLUSTER = "train.cluster";

  /** Entropy of the training examples' classes over that of equal ones, 0 to 1. */
  public static final String TRAIN_BALANCE = "train.balance";
}
