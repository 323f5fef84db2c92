// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.jspecify.annotations.Nullable;

/**
 * A broker on virtual time. Like one of MQTT it keeps messages for parties that are away, up to a
 * bound, and the newest plan of each topic; what the weather does to messages comes on top.
 */
public final class VirtualNetwork {
  /** The coordinator's id. */
  public static final String COORDINATOR = "hq";

  private static final int MAX_PAYLOAD = 95 * 1024;
  private static final int MOST_KEPT = 1000;

  private final VirtualTime time;
  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Map<String, Message> retained = new TreeMap<>();
  private final List<Observer> observers = new ArrayList<>();
  private Weather weather;

  private record Message(Address address, byte[] payload) {}

  /** Sees every message when it is sent, before the weather does. */
  @FunctionalInterface
  public interface Observer {
    /** A message was handed over. */
    void sent(String from, Address address, byte[] payload);
  }

  /** A network for a coordinator and sites. */
  public VirtualNetwork(VirtualTime time, Weather weather, List<String> sites) {
    this.time = time;
    this.weather = weather;
    ends.put(COORDINATOR, new End(COORDINATOR, null));
    sites.forEach(site -> ends.put(site, new End(site, site)));
  }

  /** Changes what happens to messages from now on. */
  public void weather(Weather next) {
    weather = next;
  }

  /** Adds an observer. */
  public void observe(Observer observer) {
    observers.add(observer);
  }

  /** A party's end for one life of it; the end of an earlier life falls silent. */
  public Link attach(String party, Life life) {
    End end = end(party);
    end.life = life;
    end.listener = null;
    return new Attached(end, life);
  }

  /** Cuts a party off, or connects it again; messages for it wait meanwhile. */
  public void cut(String party, boolean isCut) {
    End end = end(party);
    if (isCut && !end.cut) {
      end.cut = true;
      end.tell(LinkListener::disconnected);
    } else if (!isCut && end.cut) {
      end.cut = false;
      end.arrive();
    }
  }

  /** Drops what waits for a party, as a broker that lost its sessions. */
  public void forget(String party) {
    end(party).waiting.clear();
  }

  /** Brings a message to a party past the weather, as if somebody had sent it. */
  public void inject(Address address, byte[] payload) {
    deliver(address, payload, Weather.FAIR, "");
  }

  private End end(String party) {
    End end = ends.get(party);
    if (end == null) {
      throw new IllegalArgumentException("no party " + party);
    }
    return end;
  }

  private void deliver(Address address, byte[] payload, Weather now, String from) {
    for (End end : ends.values()) {
      if (end.takes(address)) {
        for (Weather.Arrival arrival : now.of(from, end.party, payload)) {
          time.after(arrival.after(), () -> end.take(new Message(address, arrival.payload())));
        }
      }
    }
  }

  /** A party's place at the broker. */
  private final class End {
    private final String party;
    private final @Nullable String site;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private @Nullable LinkListener listener;
    private Life life = new Life();
    private boolean cut;

    End(String party, @Nullable String site) {
      this.party = party;
      this.site = site;
    }

    boolean takes(Address address) {
      return switch (address.branch()) {
        case ALL -> site != null;
        case TO -> site != null && site.equals(address.site());
        case FROM -> site == null;
      };
    }

    void take(Message message) {
      if (cut || listener == null || !life.goesOn()) {
        if (waiting.size() < MOST_KEPT) {
          waiting.add(message);
        }
        return;
      }
      tell(ear -> ear.received(message.address(), message.payload()));
    }

    void arrive() {
      tell(LinkListener::connected);
      retained.values().stream().filter(each -> takes(each.address())).forEach(this::take);
      List<Message> kept = List.copyOf(waiting);
      waiting.clear();
      kept.forEach(this::take);
    }

    /** Each call is a step of its own. */
    void tell(java.util.function.Consumer<LinkListener> call) {
      LinkListener ear = listener;
      Life now = life;
      if (ear != null) {
        time.after(
            java.time.Duration.ZERO,
            () -> {
              if (now.goesOn()) {
                call.accept(ear);
              }
            });
      }
    }
  }

  private final class Attached implements Link {
    private final End end;
    private final Life life;

    Attached(End end, Life life) {
      this.end = end;
      this.life = life;
    }

    @Override
    public int maxPayload() {
      return MAX_PAYLOAD;
    }

    @Override
    public boolean isConnected() {
      return !end.cut;
    }

    @Override
    public CompletableFuture<Void> send(Address address, byte[] payload, boolean keep) {
      life.check();
      boolean mine =
          end.site == null
              ? address.branch() != Branch.FROM
              : address.branch() == Branch.FROM && end.site.equals(address.site());
      if (end.cut || !mine || payload.length > MAX_PAYLOAD) {
        return CompletableFuture.failedFuture(
            new LinkException(mine ? "not connected, or too large" : "not this party's topic"));
      }
      observers.forEach(each -> each.sent(end.party, address, payload));
      if (keep) {
        retained.put(address.topic(), new Message(address, payload));
      }
      deliver(address, payload, weather, end.party);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Registration listen(LinkListener listener) {
      end.listener = listener;
      if (!end.cut) {
        end.arrive();
      }
      return () -> {
        if (end.life == life) {
          end.listener = null;
        }
      };
    }
  }
}
