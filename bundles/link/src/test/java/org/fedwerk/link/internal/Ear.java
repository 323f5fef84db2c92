// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;

/** Keeps what a link tells. */
final class Ear implements LinkListener {
  static final int PATIENCE_SECONDS = 60;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final Semaphore connected = new Semaphore(0);
  private final Semaphore disconnected = new Semaphore(0);

  static Ear at(Link link) {
    Ear ear = new Ear();
    link.listen(ear);
    return ear;
  }

  @Override
  public void received(Address address, byte[] payload) {
    heard.add(address.kind().word() + " " + new String(payload, StandardCharsets.UTF_8));
  }

  @Override
  public void connected() {
    connected.release();
  }

  @Override
  public void disconnected() {
    disconnected.release();
  }

  /** Waits for one more connection. */
  Ear connects() throws InterruptedException {
    assertTrue(connected.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "connected() never came");
    return this;
  }

  /** Waits for one more loss. */
  Ear loses() throws InterruptedException {
    assertTrue(
        disconnected.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "disconnected() never came");
    return this;
  }

  String next() throws InterruptedException {
    String next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "no message came");
    return next;
  }

  void expect(String message) throws InterruptedException {
    assertEquals(message, next());
  }
}
