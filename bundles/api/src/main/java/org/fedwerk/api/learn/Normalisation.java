// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Standardisation: fitted at a site, which it never leaves, or by the federation's statistics.
 *
 * @param mean as many as an input has values, in the signals' units; under a schema with regimes
 *     [regimes x signals]
 * @param scale as many, above 0
 */
public record Normalisation(float[] mean, float[] scale) {}
