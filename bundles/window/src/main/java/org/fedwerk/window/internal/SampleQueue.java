// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.store.PartStore;
import org.jspecify.annotations.Nullable;

/**
 * The sources' side of the intake: samples go into the store, then into a bounded queue. A full
 * queue holds the source back.
 */
final class SampleQueue implements SampleSink {
  private static final long TICK_MILLIS = 200;

  /** What the queue holds, in the order of the log. */
  sealed interface Event {
    /** Samples that are in the log under this sequence. */
    record Batch(long sequence, String source, List<Sample> samples) implements Event {
      /** Bytes of the images among them. */
      long imageBytes() {
        return samples.stream()
            .mapToLong(
                sample ->
                    sample.value() instanceof SampleValue.Image picture
                        ? picture.image().bytes().length
                        : 0)
            .sum();
      }
    }

    /** The connection to a source was lost. */
    record Interruption(String source) implements Event {}
  }

  private final PartStore store;
  private final int capacity;
  private final BlockingQueue<Event> queue;

  /** KiB of images that may wait; one that is larger than all waits alone. */
  private final Semaphore images;

  private final int imagesMost;

  /** Keeps the order of the queue that of the log. */
  private final Object order = new Object();

  /** Held for the append alone, never while waiting for room in the queue. */
  private final Object appending = new Object();

  private long firstLive = Long.MAX_VALUE;
  private volatile boolean closed;

  SampleQueue(PartStore store, int capacity, long maxImageBytes) {
    this.store = store;
    this.capacity = capacity;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.imagesMost = (int) (maxImageBytes >> 10);
    this.images = new Semaphore(imagesMost);
  }

  @Override
  public void accept(String source, List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    synchronized (order) {
      if (closed) {
        throw new UncheckedIOException(
            new IOException("the window room is stopped; samples of " + source + " were not kept"));
      }
      long sequence;
      synchronized (appending) {
        sequence = store.append(source, samples);
        firstLive = Math.min(firstLive, sequence);
      }
      put(new Event.Batch(sequence, source, List.copyOf(samples)));
    }
  }

  @Override
  public void interrupted(String source) {
    synchronized (order) {
      put(new Event.Interruption(source));
    }
  }

  /** The next event; null if none came for a while. */
  @Nullable Event poll() throws InterruptedException {
    Event event = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
    if (event != null) {
      images.release(size(event));
    }
    return event;
  }

  private int size(Event event) {
    return event instanceof Event.Batch batch
        ? (int) Math.min(imagesMost, batch.imageBytes() >> 10)
        : 0;
  }

  /** True for what came since the start and not from an earlier process. */
  boolean isLive(long sequence) {
    synchronized (appending) {
      return sequence >= firstLive;
    }
  }

  /** Batches that wait to be built into parts. */
  int waiting() {
    return queue.size();
  }

  /** How full it is. */
  QueueLevel level() {
    return new QueueLevel("intake", queue.size(), capacity);
  }

  /** Bytes of images that wait. */
  QueueLevel images() {
    long free = images.availablePermits();
    return new QueueLevel("intake", imagesMost - free << 10, (long) imagesMost << 10);
  }

  /** Refuses more and lets go who waits: what they brought is in the log. */
  void close() {
    closed = true;
  }

  /** An interrupt waits too: the samples are in the log already. */
  private void put(Event event) {
    boolean interrupted = false;
    int size = size(event);
    boolean hasRoom = false;
    boolean done = false;
    while (!done && !closed) {
      try {
        hasRoom = hasRoom || images.tryAcquire(size, TICK_MILLIS, TimeUnit.MILLISECONDS);
        done = hasRoom && queue.offer(event, TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
