// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/**
 * The disk of an actor as the next process finds it that takes it over: with an epoch of its own.
 */
public final class LaterEpoch implements Storage {
  private final Storage storage;
  private final long epoch;
  private boolean restored;

  /** The same state, in an epoch. */
  public LaterEpoch(Storage storage, long epoch) {
    this(storage, epoch, false);
  }

  /** The same state, or one that was restored from a backup. */
  public LaterEpoch(Storage storage, long epoch, boolean restored) {
    this.storage = storage;
    this.epoch = epoch;
    this.restored = restored;
  }

  @Override
  public boolean isRestored() {
    return restored;
  }

  @Override
  public void settled() {
    restored = false;
  }

  @Override
  public Journal journal(String name) {
    return storage.journal(name);
  }

  @Override
  public Blobs blobs() {
    return storage.blobs();
  }

  @Override
  public long epoch() {
    return epoch;
  }
}
