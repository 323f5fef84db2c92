// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.store.Storage;

/** A process that asks for the lease. */
final class Seat implements LeaseKeeper.Owner, AutoCloseable {
  private static final long SECONDS = 20;

  private final LeaseKeeper keeper;
  private final CompletableFuture<Void> begun;
  private final BlockingQueue<Storage> gained = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

  Seat(PostgresSettings settings) {
    this(settings, CompletableFuture.completedFuture(null));
  }

  /** One whose work takes until then to begin. */
  Seat(PostgresSettings settings, CompletableFuture<Void> begun) {
    this.begun = begun;
    keeper = new LeaseKeeper(settings, this);
    keeper.start();
  }

  @Override
  public void gained(Storage storage) {
    begun.join();
    gained.add(storage);
  }

  @Override
  public void lost() {
    lost.add("lost");
  }

  /** Waits until it has the lease. */
  Storage storage() throws InterruptedException {
    Storage storage = gained.poll(SECONDS, TimeUnit.SECONDS);
    if (storage == null) {
      throw new AssertionError("no lease: " + keeper.status());
    }
    return storage;
  }

  /** Waits until it has lost the lease. */
  void awaitLoss() throws InterruptedException {
    if (lost.poll(SECONDS, TimeUnit.SECONDS) == null) {
      throw new AssertionError("still has the lease: " + keeper.status());
    }
  }

  boolean hasNothing() {
    return gained.isEmpty();
  }

  String status() {
    return keeper.status().state() + " " + keeper.status().detail();
  }

  /** Waits until the status says so. */
  void awaitStatus(String part) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!status().contains(part)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("status is: " + status());
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    keeper.close();
  }
}
