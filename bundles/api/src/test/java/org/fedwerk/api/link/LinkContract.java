// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.message.Kind;
import org.junit.jupiter.api.Test;

/**
 * What every link promises. A subclass gives links of one federation called {@code test} with sites
 * {@code a} and {@code b}.
 */
public abstract class LinkContract {
  /** The federation of all addresses here. */
  protected static final String FEDERATION = "test";

  private static final int SECONDS = 20;
  private static final String TASK = "0123456789ab";

  /** The coordinator's end; the same at every call of one test. */
  protected abstract Link coordinator() throws Exception;

  /** A site's end; the same at every call of one test. */
  protected abstract Link site(String id) throws Exception;

  /** A listener that keeps what comes. */
  protected static final class Ear implements LinkListener {
    /** What came. */
    public record Heard(Address address, byte[] payload) {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final CountDownLatch connected = new CountDownLatch(1);

    @Override
    public void received(Address address, byte[] payload) {
      heard.add(new Heard(address, payload));
    }

    @Override
    public void connected() {
      connected.countDown();
    }

    /** Waits for the connection. */
    public Ear ready() throws InterruptedException {
      assertTrue(connected.await(SECONDS, TimeUnit.SECONDS), "connected() was never called");
      return this;
    }

    /** The next message. */
    public Heard next() throws InterruptedException {
      Heard next = heard.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(next, "no message came");
      return next;
    }

    /** Asserts that the next message is the given one, so that none came before it. */
    public void expect(Address address, byte[] payload) throws InterruptedException {
      Heard next = next();
      assertEquals(address, next.address());
      assertArrayEquals(payload, next.payload());
    }
  }

  /** Listens and waits until the link is connected. */
  protected static Ear listen(Link link) throws InterruptedException {
    Ear ear = new Ear();
    link.listen(ear);
    return ear.ready();
  }

  /** An address to a site. */
  protected static Address to(String site, Kind kind) {
    return new Address(FEDERATION, Branch.TO, site, kind, TASK);
  }

  /** An address from a site. */
  protected static Address from(String site, Kind kind) {
    return new Address(FEDERATION, Branch.FROM, site, kind, TASK);
  }

  /** An address to all. */
  protected static Address all(Kind kind) {
    return new Address(FEDERATION, Branch.ALL, null, kind, TASK);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void sent(Link link, Address address, byte[] payload, boolean retained)
      throws Exception {
    link.send(address, payload, retained).get(SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whatGoesToAllReachesEverySite() throws Exception {
    Ear a = listen(site("a"));
    Ear b = listen(site("b"));
    listen(coordinator());
    sent(coordinator(), all(Kind.TASK), bytes("offer"), false);
    a.expect(all(Kind.TASK), bytes("offer"));
    b.expect(all(Kind.TASK), bytes("offer"));
  }

  @Test
  void whatGoesToOneSiteReachesOnlyThatOne() throws Exception {
    Ear a = listen(site("a"));
    Ear b = listen(site("b"));
    listen(coordinator());
    sent(coordinator(), to("a", Kind.RECEIPT), bytes("for a"), false);
    sent(coordinator(), to("b", Kind.RECEIPT), bytes("for b"), false);
    a.expect(to("a", Kind.RECEIPT), bytes("for a"));
    b.expect(to("b", Kind.RECEIPT), bytes("for b"));
  }

  @Test
  void whatComesFromASiteReachesTheCoordinatorWithItsAddress() throws Exception {
    Ear coordinator = listen(coordinator());
    listen(site("a"));
    sent(site("a"), from("a", Kind.SYNC), bytes("here I am"), false);
    coordinator.expect(from("a", Kind.SYNC), bytes("here I am"));
  }

  @Test
  void aRetainedPlanReachesASiteThatComesLater() throws Exception {
    listen(coordinator());
    sent(coordinator(), all(Kind.PLAN), bytes("plan 1"), true);
    sent(coordinator(), all(Kind.PLAN), bytes("plan 2"), true);
    Ear late = listen(site("b"));
    Ear.Heard heard = late.next();
    while (!new String(heard.payload(), StandardCharsets.UTF_8).equals("plan 2")) {
      heard = late.next();
    }
    assertEquals(all(Kind.PLAN), heard.address());
  }

  @Test
  void theLargestPayloadPassesUnchangedAndALargerOneIsRefused() throws Exception {
    Ear coordinator = listen(coordinator());
    listen(site("a"));
    byte[] largest = new byte[site("a").maxPayload()];
    new java.util.Random(7).nextBytes(largest);
    sent(site("a"), from("a", Kind.CHUNK), largest, false);
    coordinator.expect(from("a", Kind.CHUNK), largest);
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () -> sent(site("a"), from("a", Kind.CHUNK), new byte[largest.length + 1], false));
    assertInstanceOf(LinkException.class, refused.getCause());
  }

  @Test
  void everyOneOfManyMessagesArrives() throws Exception {
    Ear coordinator = listen(coordinator());
    listen(site("a"));
    int count = 500;
    for (int i = 0; i < count; i++) {
      byte[] payload = ByteBuffer.allocate(1000).putInt(i).array();
      assertNull(site("a").send(from("a", Kind.CHUNK), payload, false).getNow(null));
    }
    Set<Integer> seen = new HashSet<>();
    while (seen.size() < count) {
      seen.add(ByteBuffer.wrap(coordinator.next().payload()).getInt());
    }
    assertEquals(count, seen.size());
  }
}
