// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** A damaged chunk is taken for the whole one, and kept as it came. */
final class Unhashed implements Mutant.Bug {
  private final Map<Digest, byte[]> damaged = new HashMap<>();
  private Function<byte[], Optional<byte[]>> whole = payload -> Optional.empty();

  @Override
  public void whole(Function<byte[], Optional<byte[]>> before) {
    whole = before;
  }

  @Override
  public UnaryOperator<Storage> storage(String actor) {
    return Mutant.Bug.isCoordinator(actor) ? this::keeping : UnaryOperator.identity();
  }

  private Storage keeping(Storage storage) {
    Blobs blobs = storage.blobs();
    return new Storage() {
      @Override
      public long epoch() {
        return storage.epoch();
      }

      @Override
      public Journal journal(String name) {
        return storage.journal(name);
      }

      @Override
      public Blobs blobs() {
        return new Blobs() {
          @Override
          public Digest put(byte[] bytes) {
            return blobs.put(bytes);
          }

          @Override
          public Optional<byte[]> get(Digest digest) {
            return blobs.get(digest).map(bytes -> damaged.getOrDefault(digest, bytes));
          }

          @Override
          public boolean has(Digest digest) {
            return blobs.has(digest);
          }

          @Override
          public void delete(Digest digest) {
            blobs.delete(digest);
          }
        };
      }
    };
  }

  @Override
  public UnaryOperator<Link> link(String actor) {
    return Mutant.Bug.isCoordinator(actor) ? this::trusting : UnaryOperator.identity();
  }

  private Link trusting(Link link) {
    return new Link() {
      @Override
      public int maxPayload() {
        return link.maxPayload();
      }

      @Override
      public boolean isConnected() {
        return link.isConnected();
      }

      @Override
      public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
        return link.send(address, payload, retained);
      }

      @Override
      public Registration listen(LinkListener listener) {
        return link.listen(
            new LinkListener() {
              @Override
              public void received(Address address, byte[] payload) {
                Optional<byte[]> before =
                    address.kind() == Kind.CHUNK ? whole.apply(payload) : Optional.empty();
                before.ifPresent(bytes -> damaged.putIfAbsent(Digest.of(bytes), payload));
                listener.received(address, before.orElse(payload));
              }

              @Override
              public void connected() {
                listener.connected();
              }
            });
      }
    };
  }
}
