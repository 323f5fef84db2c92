// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;

/**
 * A named flat vector of an update or model, in ranges. One of many chunks travels as the name of a
 * {@link ChunkList}; its chunks are known once that list was read.
 *
 * @param name {@code delta}, {@code parameters}, ...
 * @param encoding {@code f32le}, or of a delta or change that of the task's compression
 * @param disclosure who may see it
 * @param list names the chunks where they are more than {@link #MOST_INLINE}
 * @param known the chunks in the order of ranges, without gaps; none while the list is unread
 */
public record Section(
    String name,
    String encoding,
    Disclosure disclosure,
    Optional<ChunkList> list,
    List<Chunk> known) {
  /** The section of local minus global parameters. */
  public static final String DELTA = "delta";

  /** The section of a {@link ModelChange}. */
  public static final String CHANGE = "change";

  /** The section of a global model. */
  public static final String PARAMETERS = "parameters";

  /** Encoding of {@link Float32}. */
  public static final String F32LE = "f32le";

  /** A section of so many chunks or fewer names them itself. */
  public static final int MOST_INLINE = 64;

  public Section {
    known = List.copyOf(known);
    int next = 0;
    for (Chunk chunk : known) {
      if (chunk.from() != next || chunk.count() < 1) {
        throw new IllegalArgumentException(
            "section " + name + " has a gap before element " + chunk.from());
      }
      next = chunk.from() + chunk.count();
    }
  }

  /** A section whose chunks are known; a long one has a list. */
  public Section(String name, String encoding, Disclosure disclosure, List<Chunk> chunks) {
    this(
        name,
        encoding,
        disclosure,
        chunks.size() > MOST_INLINE ? Optional.of(ChunkList.of(chunks)) : Optional.empty(),
        chunks);
  }

  /** A section as a message names it, by a list that is still to be read. */
  public static Section unread(
      String name, String encoding, Disclosure disclosure, ChunkList list) {
    return new Section(name, encoding, disclosure, Optional.of(list), List.of());
  }

  /** True once the chunks are known. */
  public boolean isRead() {
    return list.isEmpty() || !known.isEmpty();
  }

  /**
   * The chunks in the order of ranges, without gaps.
   *
   * @throws IllegalStateException if the list was not read yet
   */
  public List<Chunk> chunks() {
    if (!isRead()) {
      throw new IllegalStateException("the chunk list of section " + name + " was not read yet");
    }
    return known;
  }

  /** Number of elements. */
  public int size() {
    if (list.isPresent()) {
      return list.get().elements();
    }
    return known.isEmpty()
        ? 0
        : known.get(known.size() - 1).from() + known.get(known.size() - 1).count();
  }

  /** Number of chunks. */
  public int count() {
    return list.map(ChunkList::chunks).orElse(known.size());
  }

  /** The pieces of the list; none without one. */
  public List<Digest> pieces() {
    return list.map(ChunkList::pieces).orElse(List.of());
  }

  /** The bytes of the pieces of the list; none without one. */
  public List<byte[]> writeList() {
    return list.isEmpty() ? List.of() : ChunkList.write(chunks());
  }

  /** All that must be kept for the section: pieces of the list, and the chunks that are known. */
  public List<Digest> blobs() {
    return Stream.concat(pieces().stream(), known.stream().map(Chunk::digest)).toList();
  }

  /**
   * This section with its chunks, if its list is here.
   *
   * @param blobs verified bytes by digest
   * @return empty if a piece of the list is not here
   * @throws RefusedException if the list's bytes are not what the section names
   */
  public Optional<Section> read(Function<Digest, Optional<byte[]>> blobs) throws RefusedException {
    if (isRead()) {
      return Optional.of(this);
    }
    List<byte[]> bytes = new ArrayList<>();
    for (Digest piece : pieces()) {
      Optional<byte[]> here = blobs.apply(piece);
      if (here.isEmpty()) {
        return Optional.empty();
      }
      bytes.add(here.get());
    }
    List<Chunk> chunks = list.orElseThrow().read(bytes);
    return Optional.of(new Section(name, encoding, disclosure, list, chunks));
  }
}
