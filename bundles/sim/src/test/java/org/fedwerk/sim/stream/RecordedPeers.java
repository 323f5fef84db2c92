// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualNetwork;
import org.fedwerk.sim.stream.RecordedStream.Said;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * Lets those who spoke in a recording speak again, byte for byte, when what they answered is said
 * to them by somebody of today.
 */
final class RecordedPeers {
  private final RecordedStream stream;
  private final VirtualFederation federation;
  private final Map<String, SealedMessages> readers = new HashMap<>();
  private final Map<Digest, byte[]> chunks = new HashMap<>();

  /** Receipts that today's coordinator gave, by whether it took the reply. */
  final Map<Boolean, Integer> receipts = new HashMap<>();

  /** Manifests that today's site gave, by position. */
  final Map<Position, Body.Manifest> manifests = new LinkedHashMap<>();

  /** Chunks that today's site gave. */
  final Set<Digest> given = new HashSet<>();

  private final Set<Digest> awaited = new HashSet<>();
  private boolean greeted;
  private Position at = Position.NONE;
  private int next;

  RecordedPeers(RecordedStream stream, StreamKeys keys, VirtualFederation federation) {
    this.stream = stream;
    this.federation = federation;
    stream
        .keys()
        .keySet()
        .forEach(
            party -> readers.put(party.id(), new ProtobufSealedMessages(keys.identity(party))));
    for (Said said : stream.said()) {
      if (said.address().kind() == Kind.CHUNK) {
        chunks.put(Digest.of(said.payload()), said.payload());
      }
    }
  }

  /** A recorded or new message, opened as whoever it is for. */
  Message open(Address address, byte[] payload) {
    String site = address.site();
    String reader =
        address.branch() == Address.Branch.FROM
            ? VirtualNetwork.COORDINATOR
            : site == null ? "a" : site;
    try {
      return readers.get(reader).open(address, payload);
    } catch (RefusedException refused) {
      throw new IllegalStateException(address.topic() + ": " + refused.getMessage(), refused);
    }
  }

  private void say(Said said) {
    federation.network().inject(said.address(), said.payload());
  }

  private Address from(String site, Address like) {
    return new Address(like.federation(), Address.Branch.FROM, site, Kind.CHUNK, like.task());
  }

  // --- the recorded sites

  /** The recorded sites answer today's coordinator. */
  void playSites() {
    federation.network().observe(this::toSites);
  }

  private void toSites(String from, Address address, byte[] payload) {
    if (address.kind() == Kind.CHUNK) {
      return;
    }
    Message message = open(address, payload);
    if (message.body() instanceof Body.TaskOffer) {
      if (greeted) {
        return; // their sync is answered by the task again
      }
      greeted = true;
      spoken(Kind.SYNC, Position.NONE, Set.of());
      spoken(Kind.READY, Position.NONE, Set.of());
    } else if (message.body() instanceof Body.Plan plan) {
      Position position = message.header().position();
      spoken(Kind.PROGRESS, position, Set.copyOf(plan.cohort()));
      spoken(Kind.MANIFEST, position, Set.copyOf(plan.cohort()));
    } else if (message.body() instanceof Body.Fetch fetch) {
      for (Digest digest : fetch.digests()) {
        federation
            .network()
            .inject(from(String.valueOf(address.site()), address), chunks.get(digest));
      }
    } else if (message.body() instanceof Body.Receipt receipt) {
      receipts.merge(receipt.accepted(), 1, Integer::sum);
    }
  }

  /** What sites said at a position; at none, whatever they said of that kind. */
  private void spoken(Kind kind, Position position, Set<String> sites) {
    for (Said said : stream.said()) {
      if (said.address().branch() == Address.Branch.FROM && said.address().kind() == kind) {
        boolean here = open(said.address(), said.payload()).header().position().equals(position);
        if (sites.isEmpty() || (here && sites.contains(said.from()))) {
          say(said);
        }
      }
    }
  }

  // --- the recorded coordinator

  /** The recorded coordinator talks to today's site a. */
  void playCoordinator() {
    federation.network().observe(this::toCoordinator);
  }

  private void toCoordinator(String from, Address address, byte[] payload) {
    if (address.kind() == Kind.CHUNK) {
      Digest digest = Digest.of(payload);
      given.add(digest);
      awaited.remove(digest);
    } else {
      Message message = open(address, payload);
      if (message.body() instanceof Body.Fetch fetch) {
        Address back =
            new Address(address.federation(), Address.Branch.TO, from, Kind.CHUNK, address.task());
        fetch.digests().forEach(each -> federation.network().inject(back, chunks.get(each)));
      } else if (message.body() instanceof Body.Manifest manifest) {
        manifests.put(message.header().position(), manifest);
      }
    }
    goOn();
  }

  /** Says what the coordinator said next, as long as it does not answer something still to come. */
  private void goOn() {
    List<Said> now = new ArrayList<>();
    for (; next < stream.said().size(); next++) {
      Said said = stream.said().get(next);
      String site = said.address().site();
      boolean forUs =
          said.from().equals(VirtualNetwork.COORDINATOR)
              && said.address().kind() != Kind.CHUNK
              && (site == null || site.equals("a"));
      if (!forUs) {
        continue;
      }
      Message message = open(said.address(), said.payload());
      Position position = message.header().position();
      boolean answered = at.equals(Position.NONE) || manifests.containsKey(at);
      if (message.body() instanceof Body.Plan) {
        if (position.compareTo(at) > 0 && (!answered || !awaited.isEmpty())) {
          break;
        }
        at = position;
      } else if (message.body() instanceof Body.Fetch fetch) {
        if (!answered) {
          break;
        }
        fetch.digests().stream().filter(each -> !given.contains(each)).forEach(awaited::add);
      } else if (message.body() instanceof Body.Receipt && (!answered || !awaited.isEmpty())) {
        break;
      }
      now.add(said);
    }
    now.forEach(this::say);
  }

  /** What the recorded site a answered at a position. */
  Map<Position, Body.Manifest> recorded(Party site) {
    Map<Position, Body.Manifest> all = new LinkedHashMap<>();
    for (Said said : stream.said()) {
      if (said.from().equals(site.id()) && said.address().kind() == Kind.MANIFEST) {
        Message message = open(said.address(), said.payload());
        all.put(message.header().position(), (Body.Manifest) message.body());
      }
    }
    return all;
  }

  /** The chunks that a recorded site sent. */
  Set<Digest> chunksOf(Party site) {
    Set<Digest> all = new HashSet<>();
    for (Said said : stream.said()) {
      if (said.from().equals(site.id()) && said.address().kind() == Kind.CHUNK) {
        all.add(Digest.of(said.payload()));
      }
    }
    return all;
  }
}
