// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;

/**
 * Names the chunks of a long section (docs/wire.md): the list of them is bytes of its own, cut into
 * pieces that travel as chunks do and are verified by the digests here, which a signed message
 * holds.
 *
 * @param elements number of elements of the section
 * @param chunks number of chunks
 * @param pieces SHA-256 of each piece of the list, in order
 */
public record ChunkList(int elements, int chunks, List<Digest> pieces) {
  /** Bytes of one entry, big-endian: number of elements, encoded length, SHA-256. */
  public static final int ENTRY_BYTES = 40;

  /** Most chunks that a list names. */
  public static final int MOST_CHUNKS = 100_000;

  /** Most pieces of a list. */
  public static final int MOST_PIECES = 1000;

  public ChunkList {
    pieces = List.copyOf(pieces);
  }

  /** Names chunks, which are in the order of ranges and without gaps. */
  static ChunkList of(List<Chunk> chunks) {
    Chunk last = chunks.get(chunks.size() - 1);
    return new ChunkList(
        last.from() + last.count(), chunks.size(), write(chunks).stream().map(Digest::of).toList());
  }

  /**
   * How many entries a piece holds: as many as fit into the first chunk's elements as float32, so
   * that a piece passes wherever such a chunk does, but at least one.
   *
   * @param elements of the first chunk
   */
  public static int entriesPerPiece(int elements) {
    return (int) Math.max(1, (long) Float.BYTES * elements / ENTRY_BYTES);
  }

  /** The pieces' bytes. */
  static List<byte[]> write(List<Chunk> chunks) {
    int entries = chunks.isEmpty() ? 1 : entriesPerPiece(chunks.get(0).count());
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < chunks.size(); from += entries) {
      List<Chunk> some = chunks.subList(from, Math.min(chunks.size(), from + entries));
      ByteBuffer piece = ByteBuffer.allocate(some.size() * ENTRY_BYTES);
      some.forEach(
          chunk -> piece.putInt(chunk.count()).putInt(chunk.bytes()).put(chunk.digest().raw()));
      pieces.add(piece.array());
    }
    return pieces;
  }

  /**
   * Reads the list.
   *
   * @param bytes the pieces' bytes, in order; each was verified by its digest
   * @throws RefusedException if they are not the list of as many chunks and elements as named
   */
  List<Chunk> read(List<byte[]> bytes) throws RefusedException {
    List<Chunk> list = new ArrayList<>();
    int next = 0;
    for (byte[] piece : bytes) {
      ByteBuffer in = ByteBuffer.wrap(piece);
      while (in.remaining() >= ENTRY_BYTES && list.size() < chunks) {
        int count = in.getInt();
        int length = in.getInt();
        byte[] digest = new byte[32];
        in.get(digest);
        if (count < 1 || count > elements - next || length < 1) {
          throw new RefusedException(
              "chunk list", "entry " + list.size() + " has a count or length that cannot be");
        }
        list.add(new Chunk(next, count, length, Digest.ofRaw(digest)));
        next += count;
      }
      if (in.hasRemaining()) {
        throw new RefusedException("chunk list", "it has more bytes than entries");
      }
    }
    if (list.size() != chunks || next != elements) {
      throw new RefusedException(
          "chunk list",
          "it names "
              + list.size()
              + " chunks of "
              + next
              + " elements, not "
              + chunks
              + " of "
              + elements);
    }
    if (!of(list).equals(this)) {
      throw new RefusedException("chunk list", "it is cut in another way than docs/wire.md says");
    }
    return list;
  }
}
