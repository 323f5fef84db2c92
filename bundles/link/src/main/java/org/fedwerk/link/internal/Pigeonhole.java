// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.Parcel;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.StatusLine;
import org.jspecify.annotations.Nullable;

/**
 * Where sealed messages wait for a carrier, within bounds. Of messages that only tell how things
 * stand (retained ones) the newest for a recipient and topic waits, and no older one.
 */
final class Pigeonhole {
  private final SendQueue bounds;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean closed;
  private String trouble = "";

  Pigeonhole(LinkSettings.Queue bounds) {
    this.bounds = new SendQueue(bounds, "a route");
  }

  private final class Waiting implements Parcel {
    private final Address address;
    private final String recipient;
    private final byte[] payload;
    private final boolean retained;
    private final CompletableFuture<Void> answer;

    Waiting(
        Address address,
        String recipient,
        byte[] payload,
        boolean retained,
        CompletableFuture<Void> answer) {
      this.address = address;
      this.recipient = recipient;
      this.payload = payload;
      this.retained = retained;
      this.answer = answer;
    }

    boolean isReplacedBy(Waiting newer) {
      return retained
          && newer.retained
          && recipient.equals(newer.recipient)
          && address.equals(newer.address);
    }

    @Override
    public Address address() {
      return address;
    }

    @Override
    public String recipient() {
      return recipient;
    }

    @Override
    public byte[] payload() {
      return payload;
    }

    @Override
    public void carried() {
      Pigeonhole.this.carried(this);
    }

    @Override
    public void failed(String why) {
      Pigeonhole.this.failed(this, why);
    }
  }

  /** Takes a message in; its answer is told at once if there is no room for it. */
  void add(
      Address address,
      String recipient,
      byte[] payload,
      boolean retained,
      CompletableFuture<Void> answer) {
    Waiting newest = new Waiting(address, recipient, payload, retained, answer);
    Optional<Waiting> older;
    synchronized (this) {
      if (closed) {
        older = Optional.of(newest);
      } else {
        older = waiting.stream().filter(each -> each.isReplacedBy(newest)).findFirst();
        older.ifPresent(this::drop);
        try {
          bounds.enter(payload.length);
        } catch (LinkException full) {
          answer.completeExceptionally(full);
          return;
        }
        waiting.addLast(newest);
        notifyAll();
      }
    }
    older.ifPresent(
        each ->
            each.answer.completeExceptionally(
                new LinkException(
                    each == newest ? "the link is closed" : "a newer one took its place")));
  }

  private void drop(Waiting each) {
    waiting.remove(each);
    bounds.leave(each.payload.length);
  }

  /** The oldest that waits; null if none came in that time, or never will. */
  synchronized @Nullable Parcel next(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (waiting.isEmpty() && !closed) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    if (closed) {
      return null;
    }
    underWay++;
    return waiting.removeFirst();
  }

  private void carried(Waiting parcel) {
    synchronized (this) {
      underWay--;
      bounds.leave(parcel.payload.length);
      trouble = "";
    }
    parcel.answer.complete(null);
  }

  private void failed(Waiting parcel, String why) {
    synchronized (this) {
      underWay--;
      trouble = why;
      if (!closed) {
        waiting.addFirst(parcel);
        notifyAll();
        return;
      }
      bounds.leave(parcel.payload.length);
    }
    parcel.answer.completeExceptionally(new LinkException("the link is closed"));
  }

  /** Why the last one could not be carried; empty if it was. */
  synchronized String trouble() {
    return trouble;
  }

  synchronized int underWay() {
    return underWay;
  }

  int messages() {
    return bounds.messages();
  }

  /** How full it is. */
  List<Measurement> levels() {
    return bounds.levels("carried");
  }

  StatusLine status() {
    return bounds.status();
  }

  /** What waits is told as failed, and nothing comes in any more. */
  void close() {
    List<Waiting> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(waiting);
      left.forEach(this::drop);
      notifyAll();
    }
    left.forEach(
        each -> each.answer.completeExceptionally(new LinkException("the link is closed")));
  }
}
