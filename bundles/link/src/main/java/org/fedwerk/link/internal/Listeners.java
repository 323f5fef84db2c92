// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.LinkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who hear of a link; a message waits, and so is not acknowledged, until there is one.
 * Messages are told one at a time.
 */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<LinkListener> all = new CopyOnWriteArrayList<>();
  private final Object oneAtATime = new Object();
  private boolean closed;

  Registration add(LinkListener listener, boolean connected) {
    synchronized (this) {
      all.add(listener);
      notifyAll();
    }
    if (connected) {
      listener.connected();
    }
    return () -> all.remove(listener);
  }

  void received(String topic, byte[] payload) {
    if (!awaitListener()) {
      throw new IllegalStateException("the link is closing");
    }
    Address address;
    try {
      address = Address.parse(topic);
    } catch (IllegalArgumentException foreign) {
      log.warn(
          "Dropped a message on a topic that is not of this program: {}", foreign.getMessage());
      return;
    }
    synchronized (oneAtATime) {
      all.forEach(listener -> listener.received(address, payload));
    }
  }

  private synchronized boolean awaitListener() {
    try {
      while (all.isEmpty() && !closed) {
        wait();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  void connected() {
    all.forEach(LinkListener::connected);
  }

  void disconnected() {
    all.forEach(LinkListener::disconnected);
  }

  synchronized void close() {
    closed = true;
    all.clear();
    notifyAll();
  }
}
