// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * How a site trains, as the task says.
 *
 * @param optimizer {@code sgd}
 * @param rate learning rate, above 0
 * @param momentum 0 to below 1; state starts at zero every round
 * @param batch examples per step, at least 1
 * @param epochs passes over the examples per round, at least 1
 * @param balanced true to weight classes by inverse frequency in the site's training examples
 */
public record TrainingSpec(
    String optimizer, double rate, double momentum, int batch, int epochs, boolean balanced) {}
