// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelLinkTest {
  @TempDir Path folder;
  private Federation federation;

  @BeforeEach
  void found() throws Exception {
    federation = new Federation(folder, "plants");
  }

  @AfterEach
  void disband() throws Exception {
    federation.close();
  }

  static Address from(String site) {
    return new Address("plants", Branch.FROM, site, Kind.SYNC, Address.NO_TASK);
  }

  static Address to(String site) {
    return new Address("plants", Branch.TO, site, Kind.RECEIPT, Address.NO_TASK);
  }

  static void send(Link link, Address address, String text) throws Exception {
    link.send(address, text.getBytes(StandardCharsets.UTF_8), false)
        .get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static StatusLine status(CamelLink link) {
    return link.status().get(0);
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Ear.PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about");
      pause();
    }
  }

  /** A moment for others, so that waiting costs no processor. */
  private static void pause() {
    try {
      assertFalse(new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  @Test
  void aBrokerThatIsAbsentAtStartIsAStatusAndTheLinkComesUpWhenItStarts() throws Exception {
    CamelLink link = federation.link(federation.site("a"));
    Ear ear = Ear.at(link);
    await(() -> status(link).detail().contains("is the broker running"));
    assertEquals(StatusLine.State.STARTING, status(link).state());
    assertEquals("link " + federation.url(), status(link).subject());
    assertFalse(link.isConnected());
    federation.startBroker();
    ear.connects();
    assertTrue(link.isConnected());
    assertEquals(StatusLine.State.READY, status(link).state());
    assertEquals("connected", status(link).detail());
  }

  @Test
  void afterARestartOfTheBrokerBothSidesHearOfItAndMessagesPassAgain() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    Ear hqEar = Ear.at(hq).connects();
    Ear siteEar = Ear.at(site).connects();

    federation.stopBroker();
    hqEar.loses();
    siteEar.loses();
    assertEquals(StatusLine.State.DEGRADED, status(site).state());
    ExecutionException cut =
        assertThrows(ExecutionException.class, () -> send(site, from("a"), "lost"));
    assertInstanceOf(LinkException.class, cut.getCause());

    federation.startBroker();
    hqEar.connects();
    siteEar.connects();
    send(site, from("a"), "here again");
    hqEar.expect("sync here again");
    send(hq, to("a"), "welcome back");
    siteEar.expect("receipt welcome back");
  }

  @Test
  void whatWasSentWhileASiteWasAwayArrivesAlsoAfterARestartOfTheBroker() throws Exception {
    federation.startBroker();
    Identity a = federation.site("a");
    CamelLink before = federation.link(a);
    Ear.at(before).connects();
    before.close();

    CamelLink hq = federation.link(federation.coordinator());
    Ear hqEar = Ear.at(hq).connects();
    for (int i = 0; i < 20; i++) {
      send(hq, to("a"), "kept " + i);
    }
    federation.stopBroker();
    hqEar.loses();
    federation.startBroker();

    Ear late = Ear.at(federation.link(a));
    for (int i = 0; i < 20; i++) {
      late.expect("receipt kept " + i);
    }
  }

  @Test
  void messagesBeforeTheFirstListenerWaitAndAreNotHeldAgainstALossOfTheConnection()
      throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    Ear hqEar = Ear.at(hq).connects();
    await(site::isConnected);
    send(hq, to("a"), "for whom it may concern");

    federation.stopBroker();
    await(() -> !site.isConnected());
    federation.startBroker();
    hqEar.connects();
    Ear first = Ear.at(site).connects();
    first.expect("receipt for whom it may concern");
  }

  @Test
  void aForbiddenTopicIsRefusedByNameAndTheLinkStaysUp() throws Exception {
    federation.startBroker();
    CamelLink site = federation.link(federation.site("a"));
    Ear.at(site).connects();
    for (Address forbidden :
        List.of(
            from("b"),
            to("b"),
            new Address("plants", Branch.ALL, null, Kind.PLAN, Address.NO_TASK))) {
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> send(site, forbidden, "forged"));
      assertInstanceOf(LinkException.class, refused.getCause());
      assertTrue(refused.getCause().getMessage().contains(forbidden.topic()));
      assertTrue(refused.getCause().getMessage().contains("135"));
    }
    assertTrue(site.isConnected());
  }

  @Test
  void aCertificateOfAForeignFederationIsAStatusWithoutAStackTrace() throws Exception {
    federation.startBroker();
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (Federation others = new Federation(folder.resolve("others"), "plants")) {
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      CamelLink link = others.link(others.site("a"), federation.url());
      await(() -> status(link).detail().contains("certificates of the same federation"));
      assertEquals(StatusLine.State.STARTING, status(link).state());
      assertFalse(link.isConnected());
    } finally {
      System.setErr(before);
    }
    assertFalse(printed.toString(StandardCharsets.UTF_8).contains("\tat "));
  }

  @Test
  void aRevokedSiteLosesTheLinkAndIsToldWhatToDo() throws Exception {
    federation.startBroker();
    CamelLink site = federation.link(federation.site("a"));
    Ear ear = Ear.at(site).connects();
    federation.revoke("a");
    ear.loses();
    await(() -> status(site).detail().contains("not revoked"));
    assertFalse(site.isConnected());
  }

  @Test
  void whenTheConnectionBreaksEveryMessageUnderWayIsToldAsSentOrFailed() throws Exception {
    federation.startBroker();
    CamelLink site = federation.link(federation.site("a"));
    Ear ear = Ear.at(site).connects();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    CompletableFuture<Void> tenth = new CompletableFuture<>();
    for (int i = 0; i < 1000; i++) {
      CompletableFuture<Void> each = site.send(from("a"), new byte[20_000], false);
      if (i == 10) {
        each.whenComplete((done, failed) -> tenth.complete(null));
      }
      all.add(each);
    }
    tenth.get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
    federation.stopBroker();
    ear.loses();
    for (CompletableFuture<Void> each : all) {
      Throwable failed =
          each.handle((done, why) -> why).get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(failed == null || failed instanceof LinkException, String.valueOf(failed));
    }
    federation.startBroker();
    ear.connects();
    send(site, from("a"), "no permit was lost");
  }

  @Test
  void closingWhileMessagesWaitTellsEachOfThem() throws Exception {
    federation.startBroker();
    CamelLink site = federation.link(federation.site("a"));
    Ear.at(site).connects();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(site.send(from("a"), new byte[20_000], false));
    }
    site.close();
    for (CompletableFuture<Void> each : all) {
      Throwable failed =
          each.handle((done, why) -> why).get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(failed == null || failed instanceof LinkException, String.valueOf(failed));
    }
    ExecutionException closed =
        assertThrows(ExecutionException.class, () -> send(site, from("a"), "too late"));
    assertEquals("the link is closed", closed.getCause().getMessage());
  }

  @Test
  void aServerThatTakesTheConnectionAndSaysNothingDoesNotHoldUpClosing() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Socket> socket =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  Socket each = mute.accept();
                  taken.countDown();
                  return each;
                } catch (java.io.IOException closed) {
                  throw new java.io.UncheckedIOException(closed);
                }
              });
      CamelLink link =
          federation.link(federation.site("a"), "ssl://127.0.0.1:" + mute.getLocalPort());
      assertTrue(taken.await(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS));
      CompletableFuture<Void> closing = CompletableFuture.runAsync(link::close);
      closing.get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertFalse(link.isConnected());
      socket.get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void aListenerThatFailsKeepsNothingFromTheOthers() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    hq.listen(
        new LinkListener() {
          @Override
          public void received(Address address, byte[] payload) {
            throw new IllegalStateException("a defect, on purpose");
          }

          @Override
          public void connected() {
            throw new IllegalStateException("a defect, on purpose");
          }
        });
    Ear sound = Ear.at(hq).connects();
    Ear.at(site).connects();
    send(site, from("a"), "one");
    send(site, from("a"), "two");
    sound.expect("sync one");
    sound.expect("sync two");
  }

  @Test
  void aListenerHearsOneCallAtATimeAndNothingOnceItIsTakenAway() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    Ear.at(site).connects();
    CyclicBarrier barrier = new CyclicBarrier(2);
    List<String> heard = new ArrayList<>();
    Registration registration =
        hq.listen(
            new LinkListener() {
              @Override
              public void received(Address address, byte[] payload) {
                heard.add(new String(payload, StandardCharsets.UTF_8));
                meet(barrier);
              }

              @Override
              public void connected() {
                heard.add("connected");
              }
            });
    await(hq::isConnected);
    send(site, from("a"), "one");
    meet(barrier);
    assertEquals(List.of("connected", "one"), List.copyOf(heard));
    registration.close();
    registration.close();
    Ear next = Ear.at(hq).connects();
    send(site, from("a"), "two");
    next.expect("sync two");
    assertEquals(2, heard.size());
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException
        | BrokenBarrierException
        | java.util.concurrent.TimeoutException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void chunksPassBothWaysAtOnce() throws Exception {
    federation.startBroker();
    CamelLink hq = federation.link(federation.coordinator());
    CamelLink site = federation.link(federation.site("a"));
    Ear.at(hq).connects();
    Ear.at(site).connects();
    for (String run : List.of("cold", "warm")) {
      int count = 100;
      Counter hqCounter = new Counter(count);
      Counter siteCounter = new Counter(count);
      try (Registration hqEnd = hq.listen(hqCounter);
          Registration siteEnd = site.listen(siteCounter)) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          site.send(from("a"), new byte[96_000], false);
          hq.send(to("a"), new byte[96_000], false);
        }
        assertTrue(hqCounter.all.await(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(siteCounter.all.await(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(count * 96_000L, hqCounter.bytes);
        System.out.printf(
            "link, %s: 2 x %d chunks of 96000 bytes in %.2f s, %.0f messages/s, %.1f MB/s%n",
            run, count, seconds, 2 * count / seconds, 2 * count * 0.096 / seconds);
      }
    }
  }

  private static final class Counter implements LinkListener {
    final CountDownLatch all;
    volatile long bytes;

    Counter(int count) {
      all = new CountDownLatch(count);
    }

    @Override
    public void received(Address address, byte[] payload) {
      bytes += payload.length;
      all.countDown();
    }

    @Override
    public void connected() {}
  }
}
