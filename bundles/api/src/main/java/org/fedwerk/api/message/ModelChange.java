// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;

/**
 * How a model is made of one before it: {@code x' = (float)(x + c)}, element by element, summed in
 * float64. What is made so is the model that its digests name, bit for bit.
 *
 * @param base global digest of x
 * @param values c, in the ranges of the model's parameters
 */
public record ModelChange(Digest base, Section values) {}
