// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Digest;

/**
 * The folder in which a site's owner puts TorchScript files, each named {@code <sha256>.pt}. A file
 * runs as code of this process, so none comes from anywhere else. Thread-safe.
 */
final class BaseFiles {
  /** What a network of some hundred million parameters takes. */
  private static final long MOST_BYTES = 1L << 30;

  private final String folder;
  private final Map<Digest, Seen> seen = new ConcurrentHashMap<>();

  /**
   * A file as it was when its digest was computed.
   *
   * @param refusal why it cannot be taken; empty if it can
   */
  private record Seen(long size, FileTime modified, String refusal) {}

  /**
   * A folder.
   *
   * @param folder as configured; empty for none
   */
  BaseFiles(String folder) {
    this.folder = folder;
  }

  Path path(Digest file) {
    return Path.of(folder, file.hex() + ".pt");
  }

  /** Why a file cannot be taken, without this machine's paths; empty if it can. */
  String refusal(Digest file) {
    if (folder.isEmpty()) {
      return "the task needs a base, and this site has no folder of bases; see bases in "
          + EngineSettings.PID;
    }
    Path path = path(file);
    try {
      if (!Files.isRegularFile(path)) {
        return "the task's base " + file.hex() + ".pt is not in this site's folder of bases";
      }
      long size = Files.size(path);
      FileTime modified = Files.getLastModifiedTime(path);
      Seen before = seen.get(file);
      if (before == null || before.size() != size || !before.modified().equals(modified)) {
        before = new Seen(size, modified, checked(file, size));
        seen.put(file, before);
      }
      return before.refusal();
    } catch (IOException unreadable) {
      return "the task's base " + file.hex() + ".pt cannot be read at this site";
    }
  }

  private String checked(Digest file, long size) throws IOException {
    if (size > MOST_BYTES) {
      return "the task's base " + file.hex() + ".pt is larger than 1 GiB at this site";
    }
    return Digest.of(Files.readAllBytes(path(file))).equals(file)
        ? ""
        : "the file " + file.hex() + ".pt at this site has another SHA-256 than its name says";
  }

  /** The bytes that have this digest. */
  byte[] read(Digest file) throws IOException {
    String refusal = refusal(file);
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
    byte[] bytes = Files.readAllBytes(path(file));
    if (!Digest.of(bytes).equals(file)) {
      throw new IOException("the file was changed while it was read");
    }
    return bytes;
  }
}
