// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.codec;

/**
 * One of the ranges that an update is cut into.
 *
 * @param from index of its first element
 * @param count number of elements
 * @param codec how its values travel
 */
public record UpdateRange(int from, int count, RangeCodec codec) {}
