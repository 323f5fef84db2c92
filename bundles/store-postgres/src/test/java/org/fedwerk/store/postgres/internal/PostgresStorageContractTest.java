// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.time.Duration;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.store.StorageContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresStorageContractTest extends StorageContract {
  private final PostgresSettings settings = Server.fresh(Duration.ofSeconds(5));
  private @Nullable Seat seat;
  private @Nullable Storage storage;

  @Override
  protected Storage storage() throws Exception {
    if (storage == null) {
      seat = new Seat(settings);
      storage = seat.storage();
    }
    return storage;
  }

  @Override
  @AfterEach
  protected void restart() {
    if (seat != null) {
      seat.close();
      seat = null;
      storage = null;
    }
  }
}
