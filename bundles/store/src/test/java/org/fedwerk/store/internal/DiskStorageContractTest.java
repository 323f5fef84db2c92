// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.store.StorageContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class DiskStorageContractTest extends StorageContract {
  @TempDir Path folder;
  private @Nullable DiskStorage storage;

  @Override
  protected Storage storage() {
    if (storage == null) {
      storage =
          new DiskStorage(new StoreSettings(folder, 4096, 0, Duration.ZERO, Duration.ofSeconds(1)));
    }
    return storage;
  }

  @Override
  @AfterEach
  protected void restart() {
    if (storage != null) {
      storage.close();
      storage = null;
    }
  }
}
