// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.List;

/**
 * A named flat vector of an update or model, in ranges.
 *
 * @param name {@code delta}, {@code parameters}, ...
 * @param encoding {@code f32le}
 * @param disclosure who may see it
 * @param chunks in the order of ranges, without gaps
 */
public record Section(String name, String encoding, Disclosure disclosure, List<Chunk> chunks) {
  /** The section of local minus global parameters. */
  public static final String DELTA = "delta";

  /** The section of a global model. */
  public static final String PARAMETERS = "parameters";

  /** Encoding of {@link Float32}. */
  public static final String F32LE = "f32le";

  public Section {
    chunks = List.copyOf(chunks);
    int next = 0;
    for (Chunk chunk : chunks) {
      if (chunk.from() != next || chunk.count() < 1) {
        throw new IllegalArgumentException(
            "section " + name + " has a gap before element " + chunk.from());
      }
      next = chunk.from() + chunk.count();
    }
  }

  /** Number of elements. */
  public int size() {
    return chunks.isEmpty()
        ? 0
        : chunks.get(chunks.size() - 1).from() + chunks.get(chunks.size() - 1).count();
  }
}
