// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * What local training gives.
 *
 * @param vector parameters after training, the layout's size
 * @param steps optimizer steps made
 * @param lossSum sum over examples of the (weighted) loss in the last epoch
 * @param lossCount examples in that sum
 */
public record TrainedVector(float[] vector, int steps, double lossSum, long lossCount) {}
