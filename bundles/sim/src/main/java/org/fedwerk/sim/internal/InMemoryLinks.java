// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.jspecify.annotations.Nullable;

/**
 * The links of one federation within one process: no network, the same promises. Each end delivers
 * on a thread of its own.
 */
public final class InMemoryLinks implements AutoCloseable {
  private static final int MAX_PAYLOAD = 95 * 1024;

  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Map<String, Kept> retained = new LinkedHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  private record Kept(Address address, byte[] payload) {}

  /** The coordinator's end. */
  public Link coordinator() {
    return end(null);
  }

  /** A site's end. */
  public Link site(String id) {
    return end(id);
  }

  /** Payload bytes handed over so far, in both directions. */
  public long bytes() {
    return bytes.get();
  }

  private synchronized End end(@Nullable String site) {
    return ends.computeIfAbsent(site == null ? "" : site, key -> new End(site));
  }

  private synchronized List<End> receivers(Address address) {
    List<End> receivers = new ArrayList<>();
    for (End end : ends.values()) {
      if (end.takes(address)) {
        receivers.add(end);
      }
    }
    return receivers;
  }

  private synchronized List<Kept> keptFor(End end) {
    return retained.values().stream().filter(each -> end.takes(each.address())).toList();
  }

  private synchronized void keep(Address address, byte[] payload) {
    retained.put(address.topic(), new Kept(address, payload));
  }

  @Override
  public synchronized void close() {
    ends.values().forEach(End::close);
  }

  private final class End implements Link {
    private final @Nullable String site;
    private final List<LinkListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Kept> early = new ArrayList<>();
    private final ExecutorService delivery;

    End(@Nullable String site) {
      this.site = site;
      this.delivery =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread =
                    new Thread(
                        task, "fedwerk-memory-link-" + (site == null ? "coordinator" : site));
                thread.setDaemon(true);
                return thread;
              });
    }

    boolean takes(Address address) {
      return switch (address.branch()) {
        case ALL -> site != null;
        case TO -> site != null && site.equals(address.site());
        case FROM -> site == null;
      };
    }

    @Override
    public int maxPayload() {
      return MAX_PAYLOAD;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public CompletableFuture<Void> send(Address address, byte[] payload, boolean keep) {
      if (payload.length > MAX_PAYLOAD) {
        return CompletableFuture.failedFuture(
            new LinkException(
                "a payload of "
                    + payload.length
                    + " bytes is more than the link's "
                    + MAX_PAYLOAD));
      }
      boolean mine =
          site == null
              ? address.branch() != Branch.FROM
              : address.branch() == Branch.FROM && site.equals(address.site());
      if (!mine) {
        return CompletableFuture.failedFuture(
            new LinkException("this process may not write " + address.topic()));
      }
      if (keep) {
        keep(address, payload);
      }
      for (End end : receivers(address)) {
        bytes.addAndGet(payload.length);
        end.deliver(new Kept(address, payload));
      }
      return CompletableFuture.completedFuture(null);
    }

    private void deliver(Kept message) {
      try {
        delivery.execute(() -> hand(message));
      } catch (RejectedExecutionException closed) {
        // A closed end is like a site that was switched off: it asks again when it is back.
        listeners.clear();
      }
    }

    private void hand(Kept message) {
      if (listeners.isEmpty()) {
        early.add(message);
      } else {
        listeners.forEach(each -> each.received(message.address(), message.payload()));
      }
    }

    @Override
    public Registration listen(LinkListener listener) {
      delivery.execute(
          () -> {
            boolean first = listeners.isEmpty();
            listeners.add(listener);
            listener.connected();
            if (first) {
              keptFor(this).forEach(each -> listener.received(each.address(), each.payload()));
              early.forEach(each -> listener.received(each.address(), each.payload()));
              early.clear();
            }
          });
      return () -> listeners.remove(listener);
    }

    void close() {
      delivery.shutdown();
      try {
        if (!delivery.awaitTermination(5, TimeUnit.SECONDS)) {
          delivery.shutdownNow();
        }
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
