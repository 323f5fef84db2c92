// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualNetwork;
import org.fedwerk.sim.stream.RecordedStream.Said;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Today's program with peers of other versions. The older one is a recording that {@link
 * StreamRecorder} made with the program that spoke minor 1: its sites drive today's coordinator to
 * the models of then, and its coordinator gets from today's site what the site of then answered.
 */
class OlderMinorTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final Party SITE = new Party(Party.Role.SITE, "a");
  private static final int OLDER = 1;

  private final StreamKeys keys = new StreamKeys("sim");
  private RecordedStream stream;

  @BeforeEach
  void load() throws Exception {
    try (InputStream in = resource("stream.gz")) {
      stream = RecordedStream.load(in);
    }
    stream.keys().forEach(keys::know);
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        OlderMinorTest.class.getResourceAsStream("/stream/1.1/" + name), name);
  }

  private static String text(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static VirtualFederation.Setup setup(
      List<String> sites, Map<String, UnaryOperator<Link>> links) {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    return new VirtualFederation.Setup(
        sites,
        plain.engine(),
        plain.aggregator(),
        plain.weather(),
        plain.work(),
        plain.watch(),
        plain.storage(),
        actor -> links.getOrDefault(actor, UnaryOperator.identity()),
        plain.restart());
  }

  @Test
  void everythingThatTheOlderMinorSaidIsOpened() {
    RecordedPeers peers =
        new RecordedPeers(stream, keys, new VirtualFederation(VirtualFederation.Setup.plain()));
    Map<Kind, Integer> opened = new HashMap<>();
    for (Said said : stream.said()) {
      if (said.address().kind() != Kind.CHUNK) {
        Message message = peers.open(said.address(), said.payload());
        assertEquals(1, message.header().major());
        assertEquals(OLDER, message.header().minor());
        opened.merge(said.address().kind(), 1, Integer::sum);
      }
    }
    assertEquals(24, opened.get(Kind.MANIFEST));
    assertEquals(
        Set.of(
            Kind.TASK,
            Kind.PLAN,
            Kind.RECEIPT,
            Kind.SYNC,
            Kind.READY,
            Kind.PROGRESS,
            Kind.MANIFEST,
            Kind.FETCH),
        opened.keySet());
    assertTrue(Header.MINOR >= OLDER);
  }

  @Test
  void sitesOfTheOlderMinorBringTodaysCoordinatorToTheSameModels() throws Exception {
    VirtualFederation federation =
        new VirtualFederation(setup(List.of(), Map.of()), keys::identity);
    RecordedPeers peers = new RecordedPeers(stream, keys, federation);
    peers.playSites();
    federation.start();
    federation.submit(text("task.yaml"));
    List<String> expected = text("facts.txt").lines().toList();
    boolean came = federation.run(LIMIT, () -> StreamRecorder.rounds(federation).equals(expected));
    assertTrue(came, "came to " + StreamRecorder.rounds(federation));
    assertEquals(Map.of(true, 24), peers.receipts);
  }

  @Test
  void aCoordinatorOfTheOlderMinorGetsTheSameAnswersFromTodaysSite() throws Exception {
    VirtualFederation federation =
        new VirtualFederation(setup(List.of("a"), Map.of()), keys::identity);
    RecordedPeers peers = new RecordedPeers(stream, keys, federation);
    peers.playCoordinator();
    federation.start("a");
    Map<Position, Body.Manifest> expected = peers.recorded(SITE);
    String facts = text("facts.txt").strip();
    String last = facts.substring(facts.lastIndexOf(' ') + 1);
    boolean came =
        federation.run(
            LIMIT,
            () ->
                federation.tasks("a").stream()
                    .anyMatch(
                        task ->
                            task.deployed().map(Digest::hex).equals(java.util.Optional.of(last))
                                && peers.manifests.size() == expected.size()));
    assertTrue(
        came, "answered " + peers.manifests.keySet() + ", stands at " + federation.tasks("a"));
    assertEquals(expected.keySet(), peers.manifests.keySet());
    expected.forEach(
        (position, then) -> {
          Body.Manifest now = peers.manifests.get(position);
          assertEquals(then.base(), now.base());
          assertEquals(then.sections(), now.sections());
          assertEquals(then.weight(), now.weight());
          assertEquals(then.metrics(), now.metrics());
          assertEquals(then.localRevision(), now.localRevision());
          assertEquals(then.training(), now.training());
          assertEquals(then.evaluation().isPresent(), now.evaluation().isPresent());
          then.evaluation()
              .ifPresent(
                  counts ->
                      assertEquals(counts.metric("loss"), now.evaluation().get().metric("loss")));
        });
    assertEquals(peers.chunksOf(SITE), peers.given);
  }

  /** The parties named speak another version of the protocol. */
  private VirtualFederation with(List<String> others, int major, int minor) {
    Map<String, Identity> identities = new HashMap<>();
    Map<String, UnaryOperator<Link>> links = new HashMap<>();
    for (String other : others) {
      links.put(other, link -> new OtherProtocol(link, identities.get(other), major, minor));
    }
    return new VirtualFederation(
        setup(List.of("a", "b", "c"), links),
        party -> identities.computeIfAbsent(party.id(), id -> keys.identity(party)));
  }

  private void assertComesToTheModelsOfToday(List<String> newer) throws IOException {
    VirtualFederation federation = with(newer, Header.MAJOR, Header.MINOR + 1);
    federation.start();
    federation.submit(text("task.yaml"));
    List<String> expected = text("facts.txt").lines().toList();
    boolean came = federation.run(LIMIT, () -> StreamRecorder.rounds(federation).equals(expected));
    assertTrue(came, "came to " + federation.tasks());
  }

  @Test
  void aSiteOfANewerMinorTakesPartAndWhatNobodyKnowsIsIgnored() throws IOException {
    assertComesToTheModelsOfToday(List.of("b"));
  }

  @Test
  void aCoordinatorOfANewerMinorIsFollowedAndWhatNobodyKnowsIsIgnored() throws IOException {
    assertComesToTheModelsOfToday(List.of(VirtualNetwork.COORDINATOR));
  }

  @Test
  void aSiteOfAnotherMajorIsRefusedByNameAndTakesNoPart() throws IOException {
    VirtualFederation federation = with(List.of("b"), 2, 0);
    Map<String, String> refusals = new HashMap<>();
    federation
        .network()
        .observe(
            (from, address, payload) -> {
              if (from.equals("b") && address.kind() != Kind.CHUNK) {
                RefusedException refused =
                    assertThrows(
                        RefusedException.class,
                        () -> federation.sealed(VirtualNetwork.COORDINATOR).open(address, payload));
                refusals.put(address.kind().word(), String.valueOf(refused.getMessage()));
              }
            });
    federation.start();
    federation.submit(text("task.yaml"));
    assertTrue(
        federation.run(
            LIMIT,
            () ->
                federation.tasks().stream()
                    .anyMatch(task -> task.run().waitingFor().keySet().equals(Set.of("b")))));
    assertEquals("waiting for sites", federation.tasks().get(0).run().state());
    assertTrue(
        refusals.get("sync").contains("the sender speaks protocol 2.0, this program speaks 1."),
        refusals.toString());
  }
}
