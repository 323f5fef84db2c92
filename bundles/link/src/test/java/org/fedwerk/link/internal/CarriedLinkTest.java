// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.Parcel;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarriedLinkTest {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Address SYNC = new Address("test", Branch.FROM, "a", Kind.SYNC, "none");
  private static final Address PLAN =
      new Address("test", Branch.ALL, null, Kind.PLAN, "0123456789ab");

  @TempDir Path folder;
  private Federation federation;
  private CarriedLink coordinator;
  private CarriedLink site;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(folder, "test");
    site = link(federation.site("a"));
    federation.site("b");
    coordinator = link(federation.coordinator());
  }

  private static CarriedLink link(org.fedwerk.api.identity.Identity identity) {
    return new CarriedLink(
        new LinkSettings.Queue(100, 1 << 20, 32, 100), identity, Duration.ofHours(8));
  }

  @AfterEach
  void stop() throws Exception {
    coordinator.close();
    site.close();
    federation.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Parcel parcel) {
    return new String(parcel.payload(), StandardCharsets.UTF_8);
  }

  private static Parcel waiting(CarriedLink link) throws InterruptedException {
    Parcel parcel = link.next(SOON);
    assertNotNull(parcel, "nothing waits");
    return parcel;
  }

  private static String refusal(CompletableFuture<Void> sent) {
    return String.valueOf(
        assertThrows(ExecutionException.class, sent::get).getCause().getMessage());
  }

  @Test
  void withoutACarrierItIsCutAndSaysWhatIsMissing() throws Exception {
    Ear ear = Ear.at(site);
    assertFalse(site.isConnected());
    assertTrue(refusal(site.send(SYNC, bytes("x"), false)).contains("no route reads"));
    assertEquals(StatusLine.State.DEGRADED, site.status().get(0).state());
    Registration carrier = site.carrier();
    ear.connects();
    assertTrue(site.isConnected());
    assertEquals(StatusLine.State.READY, site.status().get(0).state());
    carrier.close();
    carrier.close();
    ear.loses();
    assertFalse(site.isConnected());
  }

  @Test
  void aMessageIsSentWhenItWasCarriedAndComesAgainBeforeTheOthersWhenThatFails() throws Exception {
    site.carrier();
    CompletableFuture<Void> first = site.send(SYNC, bytes("first"), false);
    CompletableFuture<Void> second = site.send(SYNC, bytes("second"), false);
    waiting(site).failed("the folder is full");
    assertTrue(site.status().get(0).detail().contains("the folder is full"));
    Parcel again = waiting(site);
    assertEquals("first", text(again));
    assertEquals(federation.coordinator().self().id(), again.recipient());
    assertFalse(first.isDone());
    again.carried();
    first.get();
    assertEquals(StatusLine.State.READY, site.status().get(0).state());
    waiting(site).carried();
    second.get();
    assertNull(site.next(NOW));
  }

  @Test
  void whatGoesToAllIsOneCopyForEachSiteThatIsNotRevoked() throws Exception {
    coordinator.carrier();
    var unused = coordinator.send(PLAN, bytes("plan"), true);
    Parcel one = waiting(coordinator);
    Parcel other = waiting(coordinator);
    assertEquals(Set.of("a", "b"), Set.of(one.recipient(), other.recipient()));
    one.carried();
    other.carried();
    federation.revoke("b");
    var next = coordinator.send(PLAN, bytes("plan"), true);
    assertEquals("a", waiting(coordinator).recipient());
    assertNull(coordinator.next(NOW));
    assertFalse(next.isDone());
  }

  @Test
  void ofPlansThatWaitTheNewestIsCarriedAlone() throws Exception {
    federation.revoke("b");
    coordinator.carrier();
    CompletableFuture<Void> older = coordinator.send(PLAN, bytes("plan 1"), true);
    var newer = coordinator.send(PLAN, bytes("plan 2"), true);
    assertTrue(refusal(older).contains("a newer one"));
    assertEquals("plan 2", text(waiting(coordinator)));
    assertNull(coordinator.next(NOW));
    assertFalse(newer.isDone());
    assertTrue(
        coordinator.status().get(1).detail().startsWith("1 of at most 100 messages"),
        coordinator.status().get(1).detail());
  }

  @Test
  void theQueueHasABound() throws Exception {
    site.carrier();
    for (int i = 0; i < 100; i++) {
      assertFalse(site.send(SYNC, bytes("x"), false).isDone());
    }
    assertTrue(refusal(site.send(SYNC, bytes("x"), false)).contains("100 of at most 100 messages"));
    waiting(site).carried();
    assertFalse(site.send(SYNC, bytes("x"), false).isDone());
  }

  @Test
  void whatIsNotForThisProcessIsRefused() {
    Ear.at(site);
    for (Address foreign :
        new Address[] {
          SYNC,
          new Address("test", Branch.TO, "b", Kind.RECEIPT, "none"),
          new Address("other", Branch.TO, "a", Kind.RECEIPT, "none")
        }) {
      String why =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> site.bring(foreign, bytes("x")))
                  .getMessage());
      assertTrue(why.contains("is not for this process, site a of federation test"), why);
    }
  }

  @Test
  void whatWaitsWhenItIsClosedIsToldAsFailed() throws Exception {
    site.carrier();
    CompletableFuture<Void> waits = site.send(SYNC, bytes("x"), false);
    CompletableFuture<Void> underWay = site.send(SYNC, bytes("y"), false);
    Parcel taken = waiting(site);
    site.close();
    assertTrue(refusal(underWay).contains("closed"));
    taken.failed("the context stops");
    assertTrue(refusal(waits).contains("closed"));
    assertNull(site.next(SOON));
  }

  private static double measured(SplitLink link, String name, Map<String, String> tags) {
    return link.measurements().stream()
        .filter(each -> each.name().equals(name) && each.tags().equals(tags))
        .mapToDouble(Measurement::value)
        .sum();
  }

  @Test
  void besideABrokerItCarriesForItsSitesAloneAndTheBrokerForTheOthers() throws Exception {
    federation.startBroker();
    CarrierSettings settings =
        new CarrierSettings(CarrierSettings.Carrier.MQTT, Set.of("a"), Duration.ofHours(8));
    CamelLink broker = federation.link(federation.coordinator());
    CarriedLink routes =
        CarriedLink.beside(
            broker.listeners(), LinkSettings.Queue.DEFAULTS, federation.coordinator(), settings);
    try (SplitLink both = new SplitLink(broker, routes, settings.sites())) {
      Ear coordinators = Ear.at(both).connects();
      Ear b = Ear.at(federation.link(federation.site("b"))).connects();
      assertEquals(Duration.ofHours(8), both.roundTrip("a"));
      assertEquals(Link.BROKER_ROUND_TRIP, both.roundTrip("b"));
      routes.carrier();
      both.send(PLAN, bytes("plan"), true).get();
      b.expect("plan plan");
      Parcel plan = waiting(routes);
      assertEquals("a", plan.recipient());
      plan.carried();
      Address toA = new Address("test", Branch.TO, "a", Kind.RECEIPT, "none");
      var unused = both.send(toA, bytes("for a"), false);
      assertEquals("for a", text(waiting(routes)));
      assertNull(routes.next(NOW), "what the broker carries does not wait here");
      routes.bring(SYNC, bytes("by folder"));
      coordinators.expect("sync by folder");
      assertEquals(4, both.status().size());
      assertEquals(1, measured(both, "fedwerk.link.up", Map.of()));
      assertEquals(2, measured(both, "fedwerk.link.connections", Map.of()));
      assertEquals(1, measured(both, "fedwerk.queue.depth", Map.of("queue", "carried")));
      assertEquals(0, measured(both, "fedwerk.queue.depth", Map.of("queue", "send")));
    }
  }
}
