// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.store.StorageContract;

/** The simulated disk keeps the contract of the real ones. */
class MemoryStorageTest extends StorageContract {
  private MemoryStorage storage = new MemoryStorage();

  @Override
  protected Storage storage() {
    return storage;
  }

  @Override
  protected void restart() throws Exception {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    storage.save(new DataOutputStream(saved));
    storage = new MemoryStorage();
    storage.load(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
  }
}
