// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredDataItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.jspecify.annotations.Nullable;

/**
 * A variable whose every value is put into every monitored item. Values are written by one thread;
 * items come and go on the server's threads.
 */
final class PushedSignal {
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final UaVariableNode node;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private @Nullable DataValue newest;
  private long written;
  private long overflows;

  PushedSignal(UaVariableNode node) {
    this.node = node;
  }

  UaVariableNode node() {
    return node;
  }

  /** A new item begins with the newest value, if there is one (Part 4, 5.13.2). */
  synchronized void add(MonitoredDataItem item) {
    Subscriber subscriber = new Subscriber(item);
    if (newest != null && subscriber.hasRoom()) {
      subscriber.push(newest);
    }
    subscribers.add(subscriber);
  }

  synchronized void remove(DataItem item) {
    subscribers.removeIf(subscriber -> subscriber.isOf(item));
  }

  synchronized boolean isSubscribed() {
    return subscribers.stream().anyMatch(Subscriber::wantsValues);
  }

  /** Values that were put into at least one item. */
  synchronized long written() {
    return written;
  }

  /** Values put into full queues of clients that came back under another session. */
  synchronized long overflows() {
    return overflows;
  }

  /** Writes one value; waits while a client's queue is full. */
  void write(DataValue value) throws InterruptedException {
    while (!tryWrite(value)) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private synchronized boolean tryWrite(DataValue value) {
    int lost = 0;
    for (Subscriber subscriber : subscribers) {
      if (!subscriber.hasRoom()) {
        if (!isAbandoned(subscriber)) {
          return false;
        }
        lost++;
      }
    }
    overflows += lost;
    newest = value;
    node.setValue(value);
    subscribers.forEach(subscriber -> subscriber.push(value));
    if (isSubscribed()) {
      written++;
    }
    return true;
  }

  private boolean isAbandoned(Subscriber subscriber) {
    return subscriber.isFullForLong()
        && subscribers.subList(subscribers.indexOf(subscriber) + 1, subscribers.size()).stream()
            .anyMatch(subscriber::isFollowedBy);
  }
}
