// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lease when it is free, renews it, and offers the storage for as long as this process
 * has it. Owns two threads: {@code fedwerk-store-lease} asks for the lease and renews it, also
 * while the owner begins or ends its work on {@code fedwerk-store-owner}.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final String SUBJECT = "store-postgres";

  /** How often a lease is renewed, and asked for, within its length. */
  private static final int PER_LEASE = 5;

  private final PostgresSettings settings;
  private final Owner owner;
  private final Database leases;
  private final Lease lease;
  private final Thread thread;
  private final ExecutorService owners;
  private boolean open = true;
  private boolean woken;
  private volatile StatusLine status =
      new StatusLine(SUBJECT, StatusLine.State.STARTING, "connects to the database");

  /** What happens while this process has the lease; called on one thread. */
  public interface Owner {
    /** The lease is this process's: the storage may be used from now on. */
    void gained(Storage storage);

    /** It is not any more; returns when nobody uses the storage. */
    void lost();
  }

  /** Begins at {@link #start}. */
  public LeaseKeeper(PostgresSettings settings, Owner owner) {
    this.settings = settings;
    this.owner = owner;
    leases = new Database(settings, "lease", settings.lease().dividedBy(3));
    lease = new Lease(leases, settings.holder(), settings.lease());
    thread = daemon(this::run, "fedwerk-store-lease");
    owners = Executors.newSingleThreadExecutor(work -> daemon(work, "fedwerk-store-owner"));
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts trying; waits for nothing. */
  public void start() {
    thread.start();
  }

  /** How it is. */
  public StatusLine status() {
    return status;
  }

  private void run() {
    boolean prepared = false;
    while (isOpen()) {
      try {
        if (!prepared) {
          Schema.prepare(leases, settings.schema());
          prepared = true;
        }
        OptionalLong token = lease.take();
        if (token.isPresent()) {
          hold(token.getAsLong());
        } else {
          standby(lease.look());
        }
      } catch (RuntimeException trouble) {
        down(String.valueOf(trouble.getMessage()));
      }
      pause();
    }
  }

  private void standby(Lease.Held held) {
    tell(
        StatusLine.State.READY,
        "standby: "
            + held.holder()
            + " works with epoch "
            + held.token()
            + "; takes over when it"
            + " does not renew its lease for "
            + settings.lease().toSeconds()
            + " s");
  }

  private void down(String why) {
    tell(StatusLine.State.DOWN, why);
  }

  private void tell(StatusLine.State state, String detail) {
    StatusLine line = new StatusLine(SUBJECT, state, detail);
    if (!line.equals(status)) {
      if (state == StatusLine.State.DOWN) {
        LOG.error("Store in PostgreSQL: {}", detail);
      } else {
        LOG.info("Store in PostgreSQL: {}", detail);
      }
    }
    status = line;
  }

  /** Holds the lease until it is lost or this ends. */
  private void hold(long token) {
    tell(StatusLine.State.READY, "holds the lease, epoch " + token);
    long renewed = System.nanoTime();
    try (Database writes =
        new Database(settings, "epoch " + token, settings.lease().multipliedBy(2))) {
      Fence fence = new Fence(writes, token, this::wake);
      CompletableFuture<Void> work =
          CompletableFuture.runAsync(() -> owner.gained(new PostgresStorage(fence)), owners);
      try {
        keep(token, renewed, work);
      } finally {
        work.thenRunAsync(owner::lost, owners).join();
      }
    }
    if (!isOpen()) {
      lease.release(token);
    }
  }

  private void keep(long token, long firstRenewed, CompletableFuture<Void> work) {
    long renewed = firstRenewed;
    while (isOpen()) {
      pause();
      if (work.isCompletedExceptionally()) {
        return;
      }
      long now = System.nanoTime();
      try {
        if (!lease.renew(token)) {
          tell(StatusLine.State.READY, "standby: another coordinator took the lease");
          return;
        }
        renewed = now;
        tell(StatusLine.State.READY, "holds the lease, epoch " + token);
      } catch (RuntimeException trouble) {
        tell(StatusLine.State.DEGRADED, String.valueOf(trouble.getMessage()));
        if (System.nanoTime() - renewed >= settings.lease().toNanos()) {
          down("the lease has ended unrenewed; " + trouble.getMessage());
          return;
        }
      }
    }
  }

  private synchronized boolean isOpen() {
    return open;
  }

  private synchronized void wake() {
    woken = true;
    notifyAll();
  }

  private synchronized void pause() {
    long end = System.nanoTime() + settings.lease().dividedBy(PER_LEASE).toNanos();
    try {
      for (long left = end - System.nanoTime();
          open && !woken && left > 0;
          left = end - System.nanoTime()) {
        wait(Math.max(1, Duration.ofNanos(left).toMillis()));
      }
    } catch (InterruptedException stopping) {
      open = false;
    }
    woken = false;
  }

  /** Tells the owner that it ends, gives the lease back, and waits for both. */
  @Override
  public void close() {
    synchronized (this) {
      open = false;
      notifyAll();
    }
    join();
    owners.shutdown();
    leases.close();
  }

  private void join() {
    if (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
