// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An executor whose thread is {@link VirtualTime}; its steps end with the life they belong to. */
final class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final VirtualTime time;
  private final Life life;
  private final Supplier<Duration> lag;
  private boolean shut;

  /** Steps run after the lag, which is asked for each. */
  VirtualExecutor(VirtualTime time, Life life, Supplier<Duration> lag) {
    this.time = time;
    this.life = life;
    this.lag = lag;
  }

  @Override
  public void execute(Runnable step) {
    if (!shut) {
      time.after(lag.get(), () -> run(step));
    }
  }

  private void run(Runnable step) {
    if (life.goesOn()) {
      step.run();
    }
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable step, long first, long delay, TimeUnit unit) {
    Repeated repeated = new Repeated();
    repeat(repeated, step, Duration.ofNanos(unit.toNanos(first)), unit.toNanos(delay));
    return repeated;
  }

  private void repeat(Repeated repeated, Runnable step, Duration wait, long delayNanos) {
    time.after(
        wait,
        () -> {
          if (!shut && life.goesOn() && !repeated.cancelled) {
            step.run();
            repeat(repeated, step, Duration.ofNanos(delayNanos), delayNanos);
          }
        });
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(Runnable s, long f, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("no room asks for a fixed rate");
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable step, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("no room asks for a single delay");
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> step, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("no room asks for a single delay");
  }

  @Override
  public void shutdown() {
    shut = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shut = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shut;
  }

  @Override
  public boolean isTerminated() {
    return shut;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shut;
  }

  /** A step that comes again until it is cancelled. */
  private static final class Repeated implements ScheduledFuture<Object> {
    private boolean cancelled;

    @Override
    public boolean cancel(boolean interrupt) {
      cancelled = true;
      return true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isDone() {
      return cancelled;
    }

    @Override
    public Object get() {
      throw new UnsupportedOperationException("a repeated step has no result");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
      return get();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public int compareTo(Delayed other) {
      throw new UnsupportedOperationException("nobody asks");
    }
  }
}
