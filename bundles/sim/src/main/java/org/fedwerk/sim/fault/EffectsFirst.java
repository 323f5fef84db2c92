// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/**
 * The mistake that the control must show: a record is written only once the first effect after it
 * has run, so a kill in between loses a record whose effect the world has seen. One object for one
 * life of one actor.
 */
public final class EffectsFirst {
  private final Deque<Runnable> late = new ArrayDeque<>();
  private boolean ran;

  private synchronized void owe(Runnable append) {
    late.add(append);
  }

  private synchronized void settle() {
    for (Runnable append = late.poll(); append != null; append = late.poll()) {
      append.run();
    }
    ran = false;
  }

  /** The first effect goes before what is owed, the second one after it. */
  private synchronized void effect() {
    if (ran) {
      settle();
    } else if (!late.isEmpty()) {
      ran = true;
    }
  }

  /** The storage with the mistake. */
  public Storage over(Storage storage) {
    return new Storage() {
      @Override
      public long epoch() {
        return storage.epoch();
      }

      @Override
      public Journal journal(String name) {
        return new Late(storage.journal(name));
      }

      @Override
      public Blobs blobs() {
        return storage.blobs();
      }
    };
  }

  /** The link that belongs to it. */
  public Link over(Link link) {
    return new Link() {
      @Override
      public int maxPayload() {
        return link.maxPayload();
      }

      @Override
      public boolean isConnected() {
        return link.isConnected();
      }

      @Override
      public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
        effect();
        return link.send(address, payload, retained);
      }

      @Override
      public Registration listen(LinkListener listener) {
        return link.listen(listener);
      }
    };
  }

  private final class Late implements Journal {
    private final Journal journal;
    private final AtomicLong owed = new AtomicLong();

    Late(Journal journal) {
      this.journal = journal;
    }

    @Override
    public long append(byte[] record) {
      owe(
          () -> {
            journal.append(record);
            owed.decrementAndGet();
          });
      return journal.last() + owed.incrementAndGet();
    }

    @Override
    public void force() {
      // Nothing is forced before its effect: that is the mistake.
    }

    @Override
    public void replay(long from, Visitor visitor) {
      settle();
      journal.replay(from, visitor);
    }

    @Override
    public long last() {
      return journal.last() + owed.get();
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
    public void redact(Redaction redaction) {
      settle();
      journal.redact(redaction);
    }

    @Override
    public void dropBefore(long sequence) {
      settle();
      journal.dropBefore(sequence);
    }

    @Override
    public void close() {
      settle();
      journal.close();
    }
  }
}
