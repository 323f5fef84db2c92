// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.outgoing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.coordinator.internal.round.Place;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals and sends. What does not get through is not kept here: plans and tasks are sent again when
 * the link or the site comes back, and receipts when the site asks again.
 */
public final class Outgoing {
  /** About a task, but no place in it. */
  public static final Place NOWHERE = new Place(0, 0, -1);

  private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

  private final Link link;
  private final SealedMessages sealed;
  private final Identity identity;
  private final Sequence sequence;
  private final long epoch;
  private final AtomicLong unsent = new AtomicLong();

  public Outgoing(
      Link link, SealedMessages sealed, Identity identity, Sequence sequence, long epoch) {
    this.link = link;
    this.sealed = sealed;
    this.identity = identity;
    this.sequence = sequence;
    this.epoch = epoch;
  }

  /** The epoch in every header. */
  public long epoch() {
    return epoch;
  }

  /** Messages that the link did not take, since start. */
  public long unsent() {
    return unsent.get();
  }

  /**
   * Sends to one site, or to all with site null; a plan to all is retained.
   *
   * @return payload bytes
   */
  public int send(@Nullable String site, Digest task, Place place, long replyTo, Body body) {
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            identity.federation(),
            identity.self(),
            site == null ? Header.ALL : site,
            body.kind(),
            task,
            place.round(),
            place.attempt(),
            place.phase(),
            sequence.next(),
            replyTo,
            epoch,
            Header.NO_ENCRYPTION);
    byte[] payload = sealed.seal(new Message(header, body));
    Address address = address(site, body.kind(), task);
    var unused = hand(address, payload, site == null && body.kind() == Kind.PLAN);
    return payload.length;
  }

  /** Sends one raw chunk. */
  public CompletableFuture<Void> chunk(String site, Digest task, byte[] bytes) {
    return hand(address(site, Kind.CHUNK, task), bytes, false);
  }

  private CompletableFuture<Void> hand(Address address, byte[] payload, boolean retained) {
    return link.send(address, payload, retained)
        .whenComplete(
            (sent, problem) -> {
              if (problem != null) {
                unsent.incrementAndGet();
                LOG.debug("not sent: {}: {}", address.topic(), problem.getMessage());
              }
            });
  }

  private Address address(@Nullable String site, Kind kind, Digest task) {
    Address.Branch branch = site == null ? Address.Branch.ALL : Address.Branch.TO;
    return new Address(identity.federation(), branch, site, kind, task.brief());
  }
}
