// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps a second writer out of a folder, in this process or another one. */
final class FolderLock implements AutoCloseable {
  /** POSIX drops a process's lock when any of its handles on the file closes: never open twice. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final RandomAccessFile file;

  private FolderLock(Path folder, RandomAccessFile file) {
    this.folder = folder;
    this.file = file;
  }

  static FolderLock take(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw new IllegalStateException(inUse(real, "this process"));
    }
    boolean taken = false;
    RandomAccessFile file = null;
    try {
      file = new RandomAccessFile(real.resolve("lock").toFile(), "rw");
      FileLock lock = file.getChannel().tryLock();
      if (lock == null) {
        throw new IllegalStateException(inUse(real, "process " + file.readLine()));
      }
      file.setLength(0);
      file.write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
      taken = true;
      return new FolderLock(real, file);
    } finally {
      if (!taken) {
        closeQuietly(file);
        HELD.remove(real);
      }
    }
  }

  @Override
  public void close() {
    closeQuietly(file);
    HELD.remove(folder);
  }

  private static void closeQuietly(@Nullable RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("the lock file could not be closed", e);
    }
  }

  private static String inUse(Path folder, String owner) {
    return "org.fedwerk.store: folder = "
        + folder
        + " is in use by "
        + owner
        + "; stop that one, or give this process a folder of its own";
  }
}
