// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * All services of a kind, as they come and go. They are looked for on a thread that activates
 * nothing: a component that is bound to what another thread activates holds its own lock meanwhile,
 * and if the other one is registered then, both wait until Declarative Services gives one of them
 * up.
 *
 * @param <T> the kind
 */
final class Found<T> implements AutoCloseable {
  private static final long AGAIN_SECONDS = 1;

  private final ServiceTracker<T, T> tracker;
  private final ScheduledExecutorService thread;
  private volatile boolean closed;

  /**
   * Looks for nothing yet.
   *
   * @param came hears of each service, on the thread that registers it or on {@code thread}
   * @param went hears of each that came, when it is gone
   */
  Found(
      BundleContext context,
      Class<T> kind,
      ScheduledExecutorService thread,
      Consumer<T> came,
      Consumer<T> went) {
    this.thread = thread;
    tracker =
        new ServiceTracker<>(context, kind, null) {
          @Override
          public @Nullable T addingService(ServiceReference<T> reference) {
            T service = super.addingService(reference);
            if (service == null) {
              later(Found.this::again, AGAIN_SECONDS); // it is being activated for too long
            } else {
              came.accept(service);
            }
            return service;
          }

          @Override
          public void removedService(ServiceReference<T> reference, T service) {
            went.accept(service);
            super.removedService(reference, service);
          }
        };
  }

  /** Begins to look, on the thread. */
  void look() {
    later(this::open, 0);
  }

  private void open() {
    tracker.open();
    if (closed) {
      tracker.close();
    }
  }

  private void again() {
    tracker.close();
    open();
  }

  private void later(Runnable step, long seconds) {
    try {
      var unused = thread.schedule(step, seconds, TimeUnit.SECONDS);
    } catch (RejectedExecutionException closing) {
      return; // nobody wants to know any more
    }
  }

  @Override
  public void close() {
    closed = true;
    tracker.close();
  }
}
