// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;

/** A site's link whose other end a test holds. */
final class FakeLink implements Link {
  /** What the site sent. */
  record Sent(Address address, byte[] payload) {}

  final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final List<LinkListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean connected = true;

  /** Chunks are held back while this is true; the broker answers them at {@link #release}. */
  volatile boolean holdsChunks;

  private final BlockingQueue<CompletableFuture<Void>> held = new LinkedBlockingQueue<>();

  void release() {
    holdsChunks = false;
    for (CompletableFuture<Void> each = held.poll(); each != null; each = held.poll()) {
      each.complete(null);
    }
  }

  void deliver(Address address, byte[] payload) {
    listeners.forEach(each -> each.received(address, payload));
  }

  void cut() {
    connected = false;
    listeners.forEach(LinkListener::disconnected);
  }

  void connect() {
    connected = true;
    listeners.forEach(LinkListener::connected);
  }

  @Override
  public int maxPayload() {
    return 97_280;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    if (holdsChunks && address.kind() == Kind.CHUNK) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      held.add(answer);
      sent.add(new Sent(address, payload));
      return answer;
    }
    sent.add(new Sent(address, payload));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Registration listen(LinkListener listener) {
    listeners.add(listener);
    if (connected) {
      listener.connected();
    }
    return () -> listeners.remove(listener);
  }
}
