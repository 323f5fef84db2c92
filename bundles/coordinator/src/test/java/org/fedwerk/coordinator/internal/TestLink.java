// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;

/** The coordinator's link: what it sends waits until the test delivers it. */
public final class TestLink implements Link {
  final Deque<Delivery> sent = new ArrayDeque<>();
  final List<LinkListener> listeners = new ArrayList<>();
  int maxPayload = 96 * 1024;
  boolean isUp = true;

  /** Sites behind slow ways, with how long an answer takes there. */
  public final Map<String, Duration> slow = new HashMap<>();

  BiConsumer<Address, byte[]> onSend = (address, payload) -> {};

  record Delivery(Address address, byte[] payload, boolean retained) {}

  @Override
  public int maxPayload() {
    return maxPayload;
  }

  @Override
  public Duration roundTrip(String peer) {
    return slow.getOrDefault(peer, roundTrip());
  }

  @Override
  public boolean isConnected() {
    return isUp;
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    if (!isUp) {
      return CompletableFuture.failedFuture(new LinkException("the link is cut"));
    }
    synchronized (sent) {
      sent.add(new Delivery(address, payload, retained));
    }
    onSend.accept(address, payload);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Registration listen(LinkListener listener) {
    listeners.add(listener);
    listener.connected();
    return () -> listeners.remove(listener);
  }
}
