// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes in files aa/bb/hex, named by their SHA-256 and nothing else in them, so that sha256sum can
 * check them; the format's version stands in the file {@code format} of the folder.
 */
final class FileBlobs implements Blobs {
  private static final Logger LOG = LoggerFactory.getLogger(FileBlobs.class);
  private static final int VERSION = 1;
  private static final long MAGIC = 0x4657424C4F425331L; // "FWBLOBS1"

  private final Path folder;
  private final Path temporary;
  private final Lock writing;
  private final Queue<Path> unforced = new ConcurrentLinkedQueue<>();

  /** Writes only while it holds a lock, which others take to keep everybody from writing. */
  FileBlobs(Path folder, Lock writing) throws IOException {
    this.writing = writing;
    this.folder = folder;
    this.temporary = folder.resolve("tmp");
    Files.createDirectories(temporary);
    checkFormat(folder.resolve("format"));
    try (Stream<Path> left = Files.list(temporary)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public Digest put(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    Path file = path(digest);
    writing.lock();
    try {
      if (Files.exists(file) && Files.size(file) == bytes.length) {
        return digest;
      }
      Files.createDirectories(file.getParent());
      Path written = Files.createTempFile(temporary, "blob", "");
      Files.write(written, bytes);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      unforced.add(file);
      return digest;
    } catch (IOException e) {
      throw StateFiles.failed("writing", file, e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public Optional<byte[]> get(Digest digest) {
    Path file = path(digest);
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (Digest.of(bytes).equals(digest)) {
        return Optional.of(bytes);
      }
      Path aside = file.resolveSibling(digest.hex() + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn(
          "Blob {} fails its hash; moved to {}, it counts as absent now", digest.brief(), aside);
      return Optional.empty();
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw StateFiles.failed("reading", file, e);
    }
  }

  @Override
  public boolean has(Digest digest) {
    return Files.isRegularFile(path(digest));
  }

  @Override
  public void delete(Digest digest) {
    Path file = path(digest);
    writing.lock();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StateFiles.failed("removing", file, e);
    } finally {
      writing.unlock();
    }
  }

  /** Forces what was put since the last time to the device. */
  void forceIfNeeded() {
    for (Path file = unforced.poll(); file != null; file = unforced.poll()) {
      try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
        bytes.force(true);
        StateFiles.forceNames(file.resolveSibling(""));
      } catch (NoSuchFileException deleted) {
        continue;
      } catch (IOException e) {
        unforced.add(file);
        throw StateFiles.failed("forcing", file, e);
      }
    }
  }

  private Path path(Digest digest) {
    String hex = digest.hex();
    return folder.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(hex);
  }

  private static void checkFormat(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      Files.write(file, ByteBuffer.allocate(12).putLong(MAGIC).putInt(VERSION).array());
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < 12 || ByteBuffer.wrap(bytes).getLong() != MAGIC) {
      throw StateFiles.damaged(file, 0, "this is no blob folder of Fedwerk");
    }
    int version = ByteBuffer.wrap(bytes).getInt(8);
    if (version > VERSION) {
      throw StateFiles.newer(file, version, VERSION);
    }
  }
}
