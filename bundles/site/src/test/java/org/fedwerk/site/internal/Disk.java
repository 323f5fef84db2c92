// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.file.Path;
import java.time.Duration;
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

  Blobs blobs() {
    return storage.blobs();
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
