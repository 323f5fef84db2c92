// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says things to the coordinator: builds headers, seals, passes the egress gate, sends.
 * Thread-safe.
 */
final class Mouth {
  private static final Logger log = LoggerFactory.getLogger(Mouth.class);

  /** A receiver takes 16384 (docs/wire.md). */
  private static final int REASON_CHARS = 16_000;

  private final Identity identity;
  private final SealedMessages sealed;
  private final Link link;
  private final EgressGate gate;
  private final Sequence sequence;

  Mouth(Identity identity, SealedMessages sealed, Link link, EgressGate gate, Sequence sequence) {
    this.identity = identity;
    this.sealed = sealed;
    this.link = link;
    this.gate = gate;
    this.sequence = sequence;
  }

  /** Sequence of the newest message that was sealed; 0 if none was. */
  long newest() {
    return sequence.newest();
  }

  String site() {
    return identity.self().id();
  }

  /** Seals a body about a place in a task. */
  byte[] seal(@Nullable Digest task, Position place, Body body) {
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            identity.federation(),
            identity.self(),
            coordinator(),
            body.kind(),
            task,
            place.round(),
            place.attempt(),
            place.phase(),
            sequence.next(),
            0,
            place.epoch(),
            Header.NO_ENCRYPTION);
    return sealed.seal(new Message(header, bounded(body)));
  }

  private static Body bounded(Body body) {
    if (body instanceof Body.Ready ready) {
      return new Body.Ready(
          ready.willing(),
          bounded(ready.reason()),
          ready.train(),
          ready.validation(),
          ready.test());
    }
    return body instanceof Body.Leave leave
        ? new Body.Leave(leave.wholeTask(), bounded(leave.reason()))
        : body;
  }

  private static String bounded(String reason) {
    String plain = reason.replaceAll("[\\p{Cntrl}&&[^\n]]", " ");
    return plain.length() <= REASON_CHARS ? plain : plain.substring(0, REASON_CHARS) + " ...";
  }

  private String coordinator() {
    return identity.roster().stream()
        .filter(peer -> peer.party().role() == Party.Role.COORDINATOR)
        .map(peer -> peer.party().id())
        .findFirst()
        .orElse(Header.ALL);
  }

  /** Seals and sends what need not be kept: it is said again after the next connect. */
  void say(@Nullable Digest about, Position place, Body body, String what) {
    if (link.isConnected()) {
      var unused = send(about, body.kind(), seal(about, place, body), what);
    }
  }

  /** Sends a reply's sealed manifest. */
  void reply(Outbox.Reply reply) {
    if (link.isConnected()) {
      String what =
          "reply "
              + reply.key().round()
              + "/"
              + reply.key().phase()
              + " with "
              + reply.chunks().size()
              + " chunks"
              + told(reply);
      var unused = send(reply.key().task(), Kind.MANIFEST, reply.sealed(), what, reply.beyond());
    }
  }

  private static String told(Outbox.Reply reply) {
    String inputs =
        ", count, mean and variance of the training values of " + reply.statistics() + " inputs";
    return (reply.statistics() == 0 ? "" : inputs)
        + (reply.labels() ? ", statistics of the training labels" : "");
  }

  /** Sends a chunk of a reply. @return completes when the broker has it, or it was not sent */
  CompletableFuture<Void> chunk(Digest task, Digest digest, byte[] bytes) {
    return send(task, Kind.CHUNK, bytes, "chunk " + digest.brief());
  }

  /** How long what was asked for may take. */
  Duration roundTrip() {
    return link.roundTrip();
  }

  /** Asks for chunks of a model. */
  void fetch(Digest task, Position place, List<Digest> digests) {
    say(task, place, new Body.Fetch(digests), "asks for " + digests.size() + " chunks");
  }

  private CompletableFuture<Void> send(
      @Nullable Digest about, Kind kind, byte[] bytes, String what) {
    return send(about, kind, bytes, what, Set.of());
  }

  private CompletableFuture<Void> send(
      @Nullable Digest about, Kind kind, byte[] bytes, String what, Set<EgressGate.Beyond> holds) {
    if (!gate.pass(about, kind, what, bytes.length, holds)) {
      log.warn("The egress gate kept back a {} ({}); fedwerk:egress tells why", kind.word(), what);
      return CompletableFuture.completedFuture(null);
    }
    Address address =
        new Address(
            identity.federation(),
            Branch.FROM,
            site(),
            kind,
            about == null ? Address.NO_TASK : about.brief());
    return link.send(address, bytes, false)
        .whenComplete(
            (done, failed) -> {
              if (failed != null) {
                log.debug("A {} was not taken by the link: {}", kind.word(), failed.getMessage());
              }
            });
  }
}
