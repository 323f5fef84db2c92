// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Section;

/**
 * The updates of some sites, computed beforehand and kept in a file. A round changes the last value
 * of each chunk; the hash over all before it is kept, so that a round costs the driver next to
 * nothing.
 */
final class Updates implements AutoCloseable {
  private final Crowd crowd;
  private final int first;
  private final FileChannel file;
  private final List<MessageDigest> hashed = new ArrayList<>();

  /**
   * Computes them.
   *
   * @param first the first of the sites
   * @param count how many sites
   */
  Updates(Crowd crowd, int first, int count, Path where) throws IOException {
    this.crowd = crowd;
    this.first = first;
    this.file =
        FileChannel.open(
            where,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    int[] values = new int[crowd.elements()];
    ByteBuffer bytes =
        ByteBuffer.allocate(crowd.elements() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int site = first; site < first + count; site++) {
      crowd.values(site, values);
      bytes.clear();
      for (int value : values) {
        bytes.putFloat(Crowd.sent(value));
      }
      hash(bytes.array());
      bytes.flip();
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  private void hash(byte[] update) {
    int from = 0;
    for (int chunk = 0; chunk < crowd.chunks(); chunk++) {
      int length = crowd.count(chunk) * Float.BYTES;
      MessageDigest sha = Digest.sha256();
      sha.update(update, from, length - Float.BYTES);
      hashed.add(sha);
      from += length;
    }
  }

  /** What a site's manifest names in a round. */
  Section section(int site, int round) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < crowd.chunks(); chunk++) {
      int from = chunk * crowd.rangeElements();
      int count = crowd.count(chunk);
      MessageDigest sha = copy(hashed.get((site - first) * crowd.chunks() + chunk));
      sha.update(last(site, chunk, round));
      chunks.add(new Chunk(from, count, count * Float.BYTES, Digest.ofRaw(sha.digest())));
    }
    return new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
  }

  private static MessageDigest copy(MessageDigest sha) {
    try {
      return (MessageDigest) sha.clone();
    } catch (CloneNotSupportedException other) {
      throw new IllegalStateException("this Java runtime's SHA-256 cannot be copied", other);
    }
  }

  /** The bytes of a chunk in a round. */
  byte[] chunk(int site, int chunk, int round) throws IOException {
    byte[] bytes = read(site, chunk * crowd.rangeElements(), crowd.count(chunk));
    byte[] last = last(site, chunk, round);
    System.arraycopy(last, 0, bytes, bytes.length - last.length, last.length);
    return bytes;
  }

  private byte[] last(int site, int chunk, int round) throws IOException {
    int at = chunk * crowd.rangeElements() + crowd.count(chunk) - 1;
    float before = little(read(site, at, 1)).getFloat();
    int value = Crowd.inRound(Math.round(before * (1 << Crowd.VALUE_BITS)), round);
    byte[] bytes = new byte[Float.BYTES];
    little(bytes).putFloat(Crowd.sent(value));
    return bytes;
  }

  private byte[] read(int site, int element, int count) throws IOException {
    byte[] bytes = new byte[count * Float.BYTES];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    long start = ((long) (site - first) * crowd.elements() + element) * Float.BYTES;
    while (into.hasRemaining()) {
      if (file.read(into, start + into.position()) < 0) {
        throw new IOException("the file of updates ends before site " + site);
      }
    }
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
