// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.Coding;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;

/**
 * Codes a fold's step as sites will get it, and lets the model make no other: what is committed is
 * what a site decodes. What a sparse code leaves out is kept beside the version and added to the
 * next step (Tang et al. 2019, DoubleSqueeze, the server's half).
 */
final class ChangeStep implements RangeFold.Step {
  /** The section of what was left out. */
  static final String REST = "change.rest";

  private final RangeFold.Step inner;
  private final Coding coding;
  private final RangeCodec codec;
  private final long seed;
  private final Optional<Section> before;
  private final BlobKeeper.Holder store;
  private final List<Chunk> changes = new ArrayList<>();
  private final List<Chunk> rests = new ArrayList<>();

  /**
   * A step.
   *
   * @param inner makes the step that is coded
   * @param task its digest
   * @param version that is made; with the task it decides how values are rounded, so that a fold
   *     done again comes to the same
   * @param kept what is kept with the base version, of which one section may be a rest
   */
  ChangeStep(
      RangeFold.Step inner,
      Coding coding,
      Codecs codecs,
      Digest task,
      int version,
      List<Section> kept,
      BlobKeeper.Holder store) {
    this.inner = inner;
    this.coding = coding;
    this.codec = codecs.coded(coding);
    this.store = store;
    before = kept.stream().filter(each -> each.name().equals(REST)).findFirst();
    String text = "change/" + task.hex() + "/" + version;
    seed = ByteBuffer.wrap(Digest.of(text.getBytes(StandardCharsets.UTF_8)).raw()).getLong();
  }

  @Override
  public double[] of(int range, int from, List<float[]> updates, double[] delta) {
    double[] step = inner.of(range, from, updates, delta);
    float[] change = new float[step.length];
    before.ifPresent(rest -> read(rest.chunks().get(range), change));
    for (int i = 0; i < change.length; i++) {
      change[i] = (float) (change[i] + step[i]);
      if (!Float.isFinite(change[i])) {
        throw new ArithmeticException("the aggregate is not finite at element " + (from + i));
      }
    }
    byte[] bytes = codec.encode(change, seed + from, 0);
    changes.add(new Chunk(from, change.length, bytes.length, store.put(bytes)));
    float[] sent = new float[change.length];
    codec.decode(bytes, sent);
    for (int i = 0; i < sent.length; i++) {
      step[i] = sent[i];
      change[i] -= sent[i];
    }
    if (coding.hasMemory()) {
      byte[] rest = Float32.encode(change, 0, change.length);
      rests.add(new Chunk(from, change.length, rest.length, store.put(rest)));
    }
    return step;
  }

  private void read(Chunk chunk, float[] into) {
    Float32.decode(store.get(chunk.digest()), into, 0, into.length);
  }

  /** The change as sites get it; the caller holds its blobs from now on. */
  Section change() {
    return section(Section.CHANGE, coding.encoding(), Disclosure.INDIVIDUAL, changes);
  }

  /** What is kept for the next version; the caller holds its blobs from now on. */
  List<Section> rest() {
    return rests.isEmpty()
        ? List.of()
        : List.of(section(REST, Section.F32LE, Disclosure.NEVER, rests));
  }

  private Section section(String name, String encoding, Disclosure disclosure, List<Chunk> chunks) {
    Section section = new Section(name, encoding, disclosure, chunks);
    section.writeList().forEach(store::put);
    return section;
  }

  /** The fold came to nothing. */
  void discard() {
    store.release(changes.stream().map(Chunk::digest).toList());
    store.release(rests.stream().map(Chunk::digest).toList());
  }
}
