// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.blobs;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Section;

/** Whole vectors to and from chunks in the blob store. */
public final class ModelVectors {
  private final BlobKeeper.Holder blobs;
  private final int rangeElements;

  public ModelVectors(BlobKeeper.Holder blobs, int rangeElements) {
    this.blobs = blobs;
    this.rangeElements = rangeElements;
  }

  /** Stores a model's parameters; the caller holds its blobs from now on. */
  public Section store(float[] vector) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < vector.length; from += rangeElements) {
      int count = Math.min(rangeElements, vector.length - from);
      byte[] bytes = Float32.encode(vector, from, count);
      Digest digest = blobs.put(bytes);
      chunks.add(new Chunk(from, count, bytes.length, digest));
    }
    Section section = new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
    section.writeList().forEach(blobs::put);
    return section;
  }

  /** Reads a whole vector. */
  public float[] load(Section section) {
    float[] vector = new float[section.size()];
    for (Chunk chunk : section.chunks()) {
      Float32.decode(blobs.get(chunk.digest()), vector, chunk.from(), chunk.count());
    }
    return vector;
  }
}
