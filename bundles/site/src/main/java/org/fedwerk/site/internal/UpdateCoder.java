// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.site.internal.PersonalBook.Kind;

/**
 * An update as the chunks that leave, coded as the task wants it. What a sparse update, or one of
 * low rank, leaves out is on disk when it returns, and is added to the next update once this one
 * has counted.
 */
final class UpdateCoder {
  private final PersonalBook book;
  private final ChunkLedger ledger;

  UpdateCoder(PersonalBook book, ChunkLedger ledger) {
    this.book = book;
    this.ledger = ledger;
  }

  /**
   * Codes range by range.
   *
   * @param key the reply it is for
   * @param update changed if something was left out before
   * @param counted round of the newest version that holds an update of this site; 0 if none
   * @param ranges of the update
   * @param seed of rounding by chance, the training's
   */
  Section code(
      CompressionSpec spec,
      ReplyKey key,
      float[] update,
      int counted,
      List<UpdateRange> ranges,
      long seed) {
    if (spec.hasMemory()) {
      book.newest(key.task(), Kind.RESIDUAL, counted).ifPresent(rest -> add(rest, update));
    }
    boolean skipped = spec.skipBelow() > 0 && norm(update) < spec.skipBelow();
    float[] residual = spec.hasMemory() ? update.clone() : new float[0];
    List<Chunk> chunks = new ArrayList<>();
    for (UpdateRange range : ranges) {
      int from = range.from();
      int count = range.count();
      float[] values = skipped ? new float[count] : Arrays.copyOfRange(update, from, from + count);
      byte[] bytes = range.codec().encode(values, seed + from, maskSeed(key, from));
      chunks.add(new Chunk(from, count, bytes.length, ledger.keep(bytes)));
      if (spec.hasMemory()) {
        float[] sent = new float[count];
        range.codec().decode(bytes, sent);
        for (int i = 0; i < count; i++) {
          residual[from + i] -= sent[i];
        }
      }
    }
    if (spec.hasMemory()) {
      book.keep(key, Kind.RESIDUAL, residual, counted);
    }
    Section section = new Section(Section.DELTA, spec.encoding(), Disclosure.INDIVIDUAL, chunks);
    section.writeList().forEach(ledger::keep);
    return section;
  }

  /** The same for every site of a round. */
  private static long maskSeed(ReplyKey key, int from) {
    String text = "mask/" + key.task().hex() + "/" + key.round() + "/" + from;
    return ByteBuffer.wrap(Digest.of(text.getBytes(StandardCharsets.UTF_8)).raw()).getLong();
  }

  private static void add(float[] rest, float[] update) {
    for (int i = 0; i < update.length; i++) {
      update[i] += rest[i];
    }
  }

  private static double norm(float[] update) {
    double sum = 0;
    for (float value : update) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
