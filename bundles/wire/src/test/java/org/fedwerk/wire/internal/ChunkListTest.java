// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Section;
import org.junit.jupiter.api.Test;

/** Lists of chunks as bytes. */
class ChunkListTest {
  private static Section section(int size, int range) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < size; from += range) {
      int count = Math.min(range, size - from);
      chunks.add(new Chunk(from, count, 4 * count, Examples.digest("chunk " + from)));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
  }

  private static Section unread(ChunkList list) {
    return Section.unread(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, list);
  }

  /** Reads a list whose pieces were put together by somebody who can sign any digest. */
  private static RefusedException refused(int elements, int chunks, byte[]... pieces) {
    Map<Digest, byte[]> blobs = new HashMap<>();
    Arrays.stream(pieces).forEach(piece -> blobs.put(Digest.of(piece), piece));
    Section named =
        unread(new ChunkList(elements, chunks, Arrays.stream(pieces).map(Digest::of).toList()));
    return assertThrows(
        RefusedException.class, () -> named.read(digest -> Optional.ofNullable(blobs.get(digest))));
  }

  private static byte[] entries(int... counts) {
    ByteBuffer bytes = ByteBuffer.allocate(40 * counts.length);
    for (int count : counts) {
      bytes.putInt(count).putInt(4 * count).put(Examples.digest("one").raw());
    }
    return bytes.array();
  }

  @Property(tries = 200)
  void whatWasWrittenIsReadAndNoPieceIsLargerThanAChunkUnlessItIsOneEntry(
      @ForAll @IntRange(min = 65, max = 3000) int chunks,
      @ForAll @IntRange(min = 1, max = 300) int range,
      @ForAll @IntRange(max = 299) int less)
      throws RefusedException {
    int size = chunks * range - Math.min(less, range - 1);
    Section section = section(size, range);
    Map<Digest, byte[]> blobs = new HashMap<>();
    for (byte[] piece : section.writeList()) {
      assertTrue(piece.length <= Math.max(40, 4 * range));
      blobs.put(Digest.of(piece), piece);
    }
    Section named = unread(section.list().orElseThrow());
    assertEquals(
        Optional.of(section), named.read(digest -> Optional.ofNullable(blobs.get(digest))));
    assertEquals(chunks + section.pieces().size(), section.blobs().size());
    assertEquals(section.pieces(), named.blobs());
  }

  @Test
  void aShortSectionHasNoList() {
    assertEquals(Optional.empty(), section(64, 1).list());
    assertEquals(65, section(65, 1).list().orElseThrow().chunks());
  }

  @Test
  void aListThatIsNotWhatItsNameSaysIsRefused() {
    assertTrue(refused(20, 2, entries(10)).getMessage().contains("names 1 chunks of 10"));
    assertTrue(refused(20, 1, entries(10, 10)).getMessage().contains("more bytes"));
    assertTrue(refused(15, 2, entries(10, 10)).getMessage().contains("cannot be"));
    assertTrue(refused(10, 2, entries(10, 0)).getMessage().contains("cannot be"));
    assertTrue(refused(10, 1, new byte[39]).getMessage().contains("more bytes"));
    assertTrue(refused(20, 2, entries(10, 10)).getMessage().contains("cut in another way"));
  }
}
