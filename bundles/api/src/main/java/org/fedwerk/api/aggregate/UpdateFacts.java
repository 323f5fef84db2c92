// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.aggregate;

/**
 * What is known of one update besides its values; NaN for what the task does not ask for.
 *
 * @param steps local optimizer steps, at least 1
 * @param startLoss mean loss of the site's training examples at the global model, from 0
 * @param squaredNorm sum of the squares of the update's values
 */
public record UpdateFacts(double steps, double startLoss, double squaredNorm) {
  /** Nothing is known. */
  public static final UpdateFacts NONE = new UpdateFacts(Double.NaN, Double.NaN, Double.NaN);
}
