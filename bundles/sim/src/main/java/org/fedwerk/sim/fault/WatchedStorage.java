// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** An actor's storage under watch. Once the actor's life is over nothing passes any more. */
public final class WatchedStorage implements Storage {
  private final Storage storage;
  private final Watch watch;
  private final Life life;

  /** Watches a storage for one life. */
  public WatchedStorage(Storage storage, Watch watch, Life life) {
    this.storage = storage;
    this.watch = watch;
    this.life = life;
  }

  @Override
  public Journal journal(String name) {
    return new Watched(name, storage.journal(name));
  }

  @Override
  public Blobs blobs() {
    Blobs blobs = storage.blobs();
    return new Blobs() {
      @Override
      public Digest put(byte[] bytes) {
        life.check();
        Digest digest = blobs.put(bytes);
        watch.effect(life);
        return digest;
      }

      @Override
      public Optional<byte[]> get(Digest digest) {
        life.check();
        return blobs.get(digest);
      }

      @Override
      public boolean has(Digest digest) {
        life.check();
        return blobs.has(digest);
      }

      @Override
      public void delete(Digest digest) {
        life.check();
        blobs.delete(digest);
        watch.effect(life);
      }
    };
  }

  @Override
  public boolean isRestored() {
    return storage.isRestored();
  }

  @Override
  public void settled() {
    storage.settled();
  }

  @Override
  public long epoch() {
    return storage.epoch();
  }

  private final class Watched implements Journal {
    private final String name;
    private final Journal journal;

    Watched(String name, Journal journal) {
      this.name = name;
      this.journal = journal;
    }

    @Override
    public long append(byte[] record) {
      life.check();
      watch.before(life, name, record);
      long sequence = journal.append(record);
      watch.after(life, name, record);
      return sequence;
    }

    @Override
    public void force() {
      life.check();
      journal.force();
    }

    @Override
    public void replay(long from, Visitor visitor) {
      life.check();
      journal.replay(from, visitor);
    }

    @Override
    public long last() {
      return journal.last();
    }

    @Override
    public long first() {
      return journal.first();
    }

    @Override
    public long bytes() {
      return journal.bytes();
    }

    @Override
    public void dropBefore(long sequence) {
      life.check();
      journal.dropBefore(sequence);
    }

    @Override
    public void redact(Redaction redaction) {
      life.check();
      journal.redact(redaction);
      watch.effect(life);
    }

    @Override
    public void close() {
      journal.close();
    }
  }
}
