// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Standardisation per signal and step fitted at a site; it never leaves it.
 *
 * @param mean [signals x steps], in the signals' units
 * @param scale [signals x steps], above 0
 */
public record Normalisation(float[] mean, float[] scale) {}
