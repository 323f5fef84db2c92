// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.LinkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who hear of a link, on one thread of their own. A message waits, and so is not
 * acknowledged, until there is one; whoever brings it waits until all have heard it.
 */
final class Listeners implements BrokerClient.Gate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<LinkListener> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Threads.named("listen"));
  private boolean connected;
  private boolean closed;

  synchronized Registration add(LinkListener listener) {
    all.add(listener);
    notifyAll();
    if (connected) {
      tell(listener, LinkListener::connected);
    }
    return () -> all.remove(listener);
  }

  @Override
  public synchronized boolean await(long millis) throws InterruptedException {
    if (all.isEmpty() && !closed) {
      wait(millis);
    }
    if (closed) {
      throw new IllegalStateException("the link is closing");
    }
    return !all.isEmpty();
  }

  /**
   * Tells a message and waits until it was heard.
   *
   * @throws IllegalStateException if the link is closing
   */
  void received(String topic, byte[] payload) throws InterruptedException {
    Address address;
    try {
      address = Address.parse(topic);
    } catch (IllegalArgumentException foreign) {
      log.warn("Dropped a message: {}", foreign.getMessage());
      return;
    }
    waiting.incrementAndGet();
    try {
      thread
          .submit(
              () -> all.forEach(listener -> guarded(listener, l -> l.received(address, payload))))
          .get();
    } catch (RejectedExecutionException closing) {
      throw new IllegalStateException("the link is closing", closing);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a listener failed", failed);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Messages that somebody waits for to be heard. */
  int waiting() {
    return waiting.get();
  }

  synchronized void connected() {
    connected = true;
    all.forEach(listener -> tell(listener, LinkListener::connected));
  }

  synchronized void disconnected() {
    connected = false;
    all.forEach(listener -> tell(listener, LinkListener::disconnected));
  }

  private void tell(LinkListener listener, Consumer<LinkListener> event) {
    try {
      thread.execute(() -> guarded(listener, event));
    } catch (RejectedExecutionException closing) {
      log.debug("The link is closing; a listener is not told any more");
    }
  }

  private static void guarded(LinkListener listener, Consumer<LinkListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException broken) {
      // A listener's defect must not keep messages from the others, nor make the broker repeat it.
      log.error(
          "{} failed on an event of the link: {}",
          listener.getClass().getName(),
          broken.toString());
      log.debug("The cause in full", broken);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    all.clear();
    notifyAll();
    thread.shutdown();
  }
}
