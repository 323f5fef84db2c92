// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;

/** The real store with small files, so that dropping is visible; it can be opened again. */
final class Disk implements AutoCloseable {
  private final Path folder;
  private DiskStorage storage;

  Disk(Path folder) {
    this.folder = folder;
    this.storage = open();
  }

  private DiskStorage open() {
    return new DiskStorage(
        new StoreSettings(folder, 4096, 0, Duration.ZERO, Duration.ofSeconds(1)));
  }

  Journal journal() {
    return storage.journal("book");
  }

  Journal personal() {
    return storage.journal("personal");
  }

  Journal chunks() {
    return storage.journal("chunks");
  }

  Blobs blobs() {
    return storage.blobs();
  }

  /** True if a file of a folder holds a text. */
  static boolean holds(Path folder, String text) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  Disk again() {
    storage.close();
    storage = open();
    return this;
  }

  @Override
  public void close() {
    storage.close();
  }
}
