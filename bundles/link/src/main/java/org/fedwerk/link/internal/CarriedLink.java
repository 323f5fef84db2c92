// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.link.Parcel;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;

/**
 * A link that others carry: sealed messages wait in a bounded queue for a carrier, and what a
 * carrier brings is told to the listeners. It keeps nothing on disk, as the protocol asks again. It
 * has no thread but the listeners'.
 */
public final class CarriedLink
    implements Link, Carriage, StatusSource, MetricSource, AutoCloseable {
  private static final long HEAR_MILLIS = 10_000;

  private final Identity identity;
  private final Set<String> only;
  private final Duration roundTrip;
  private final Listeners listeners;
  private final boolean alone;
  private final Traffic traffic = new Traffic();
  private final Pigeonhole waiting;

  private int carriers;
  private long connections;
  private boolean closed;

  /** A link of its own. */
  public CarriedLink(LinkSettings.Queue bounds, Identity identity, Duration roundTrip) {
    this(bounds, identity, Set.of(), roundTrip, new Listeners(), true);
  }

  private CarriedLink(
      LinkSettings.Queue bounds,
      Identity identity,
      Set<String> only,
      Duration roundTrip,
      Listeners listeners,
      boolean alone) {
    this.identity = identity;
    this.only = only;
    this.roundTrip = roundTrip;
    this.listeners = listeners;
    this.alone = alone;
    this.waiting = new Pigeonhole(bounds);
  }

  /**
   * A link beside another one, for some sites of a coordinator. It tells the other's listeners, but
   * neither that it is connected nor that it is cut.
   */
  static CarriedLink beside(
      Listeners listeners, LinkSettings.Queue bounds, Identity identity, CarrierSettings settings) {
    return new CarriedLink(
        bounds, identity, settings.sites(), settings.roundTrip(), listeners, false);
  }

  @Override
  public int maxPayload() {
    return CamelLink.MAX_PACKET - CamelLink.PACKET_OVERHEAD;
  }

  @Override
  public Duration roundTrip() {
    return roundTrip;
  }

  @Override
  public synchronized boolean isConnected() {
    return carriers > 0 && !closed;
  }

  @Override
  public Registration listen(LinkListener listener) {
    return listeners.add(listener);
  }

  @Override
  public Throughput sent() {
    return traffic.sent();
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    try {
      check(address, payload.length);
      List<CompletableFuture<Void>> copies =
          recipients(address).stream()
              .map(recipient -> copy(address, recipient, payload, retained))
              .toList();
      return CompletableFuture.allOf(copies.toArray(CompletableFuture[]::new));
    } catch (LinkException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void check(Address address, int bytes) throws LinkException {
    Party self = identity.self();
    boolean mine =
        self.role() == Party.Role.COORDINATOR
            ? address.branch() != Branch.FROM
            : address.branch() == Branch.FROM && self.id().equals(address.site());
    if (!mine) {
      throw new LinkException("this process may not write " + address.topic());
    }
    if (bytes > maxPayload()) {
      throw new LinkException(tooLarge(address, bytes));
    }
    if (!isConnected()) {
      throw new LinkException("no route reads fedwerk:outbox, so nobody carries what is sent");
    }
  }

  private String tooLarge(Address address, int bytes) {
    return "a "
        + address.kind().word()
        + " of "
        + bytes
        + " bytes is more than the link's "
        + maxPayload();
  }

  private List<String> recipients(Address address) {
    String site = address.site();
    if (address.branch() == Branch.TO && site != null) {
      return List.of(site);
    }
    Party.Role role = address.branch() == Branch.FROM ? Party.Role.COORDINATOR : Party.Role.SITE;
    return identity.roster().stream()
        .filter(peer -> peer.party().role() == role && !peer.revoked())
        .map(peer -> peer.party().id())
        .filter(id -> only.isEmpty() || only.contains(id))
        .distinct()
        .toList();
  }

  private CompletableFuture<Void> copy(
      Address address, String recipient, byte[] payload, boolean retained) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    traffic.taken(answer, payload.length);
    waiting.add(address, recipient, payload, retained, answer);
    return answer;
  }

  @Override
  public Registration carrier() {
    count(1);
    return new Registration() {
      private boolean over;

      @Override
      public synchronized void close() {
        if (!over) {
          over = true;
          count(-1);
        }
      }
    };
  }

  private synchronized void count(int change) {
    boolean was = carriers > 0;
    carriers += change;
    boolean is = carriers > 0;
    if (was == is) {
      return;
    }
    if (is) {
      connections++;
    }
    if (alone && is) {
      listeners.connected();
    } else if (alone) {
      listeners.disconnected();
    }
  }

  @Override
  public @Nullable Parcel next(Duration patience) throws InterruptedException {
    return waiting.next(patience);
  }

  @Override
  public void bring(Address address, byte[] payload) throws LinkException, InterruptedException {
    Party self = identity.self();
    boolean forMe =
        switch (address.branch()) {
          case FROM -> self.role() == Party.Role.COORDINATOR;
          case TO -> self.role() == Party.Role.SITE && self.id().equals(address.site());
          case ALL -> self.role() == Party.Role.SITE;
        };
    if (!forMe || !address.federation().equals(identity.federation())) {
      throw new IllegalArgumentException(
          address.topic()
              + " is not for this process, "
              + self
              + " of federation "
              + identity.federation()
              + "; see that each process reads a folder of its own");
    }
    if (payload.length > maxPayload()) {
      throw new IllegalArgumentException(tooLarge(address, payload.length));
    }
    try {
      if (!listeners.await(HEAR_MILLIS)) {
        throw new LinkException(
            "neither coordinator nor site of this process listens yet; bring it again");
      }
      traffic.received(payload.length);
      listeners.received(address.topic(), payload);
    } catch (IllegalStateException closing) {
      throw new LinkException(String.valueOf(closing.getMessage()));
    }
  }

  @Override
  public List<StatusLine> status() {
    return List.of(line(), waiting.status());
  }

  private synchronized StatusLine line() {
    String subject = "link routes";
    String trouble = waiting.trouble();
    if (carriers == 0) {
      return new StatusLine(
          subject,
          StatusLine.State.DEGRADED,
          "no route reads fedwerk:outbox, so nothing leaves; put one into deploy/");
    }
    return trouble.isEmpty()
        ? new StatusLine(subject, StatusLine.State.READY, "carried by " + carriers + " route(s)")
        : new StatusLine(
            subject,
            StatusLine.State.DEGRADED,
            "the route could not carry the last message: " + trouble + "; it is tried again");
  }

  @Override
  public synchronized List<Measurement> measurements() {
    List<Measurement> measured =
        new ArrayList<>(
            traffic.measurements(
                isConnected(), waiting.underWay(), waiting.messages(), connections));
    measured.addAll(waiting.levels());
    return measured;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (alone) {
      listeners.close();
    }
    waiting.close();
  }
}
