// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Per-signal standardisation fitted at a site; it never leaves it.
 *
 * @param mean one per signal, in its unit
 * @param scale one per signal, above 0
 */
public record Normalisation(float[] mean, float[] scale) {}
