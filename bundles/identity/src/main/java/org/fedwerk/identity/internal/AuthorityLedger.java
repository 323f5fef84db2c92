// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The authority's acts, one line each behind its CRC-32, only ever appended and forced. The first
 * line is the version; a ledger without one is of version 1. A torn last line is dropped. Not
 * thread-safe.
 */
final class AuthorityLedger implements Closeable {
  private static final String VERSION = "version ";
  private static final int NEWEST = 1;

  private final Path file;
  private final FileChannel channel;
  private final List<String> acts;

  private AuthorityLedger(Path file, FileChannel channel, List<String> acts) {
    this.file = file;
    this.channel = channel;
    this.acts = acts;
  }

  /** Opens and reads it; one process at a time. */
  static AuthorityLedger open(Path file) throws IOException {
    FileChannel channel = OwnerOnly.open(file);
    try {
      lock(file, channel);
      ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
        continue;
      }
      List<String> acts = new ArrayList<>();
      long kept = read(file, buffer.array(), acts);
      requireReadable(file, acts);
      channel.truncate(kept);
      channel.position(kept);
      AuthorityLedger ledger = new AuthorityLedger(file, channel, acts);
      if (kept == 0) {
        ledger.append((VERSION + NEWEST).split(" "));
      }
      return ledger;
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException here) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(
          file + " is in use by another authority; stop it, or give this one its own folder");
    }
  }

  private static long read(Path file, byte[] bytes, List<String> acts) throws IOException {
    int start = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        String line = new String(bytes, start, at - start, StandardCharsets.UTF_8);
        int space = line.indexOf(' ');
        if (space != 8 || !line.substring(0, 8).equals(checksum(line.substring(9)))) {
          throw new IOException(
              file + " is damaged at line " + (acts.size() + 1) + "; restore it from a backup");
        }
        acts.add(line.substring(9));
        start = at + 1;
      }
    }
    return start;
  }

  /** Takes the version off the acts. */
  private static void requireReadable(Path file, List<String> acts) throws IOException {
    if (acts.isEmpty() || !acts.get(0).startsWith(VERSION)) {
      return;
    }
    String version = acts.remove(0).substring(VERSION.length());
    if (!version.equals(Integer.toString(NEWEST))) {
      throw new IOException(
          file
              + " is of version "
              + version
              + ", written by a newer program; this one reads up to "
              + NEWEST
              + ": start the newer one");
    }
  }

  private static String checksum(String act) {
    CRC32 crc = new CRC32();
    crc.update(act.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /** What was there when it was opened, oldest first. */
  List<String> acts() {
    return List.copyOf(acts);
  }

  /** Appends an act of words; it survives a power loss when this returns. */
  void append(String... words) throws IOException {
    String act = String.join(" ", words);
    long before = channel.position();
    ByteBuffer line =
        ByteBuffer.wrap((checksum(act) + " " + act + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(true);
    } catch (IOException full) {
      channel.truncate(before);
      throw new IOException(file + " could not be written: " + full.getMessage(), full);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
