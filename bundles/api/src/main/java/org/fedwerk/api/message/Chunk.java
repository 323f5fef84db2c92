// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;

/**
 * One element range of a section, encoded on its own.
 *
 * @param from index of its first element
 * @param count number of elements
 * @param bytes encoded length
 * @param digest SHA-256 of the encoded bytes, its address
 */
public record Chunk(int from, int count, int bytes, Digest digest) {}
