// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;

/** A link that counts which chunks go out and come in, and how often. Thread-safe. */
final class CountedLink implements Link {
  private final Link link;
  private final Map<Digest, Integer> taken = new HashMap<>();
  private final Map<Digest, Integer> received = new HashMap<>();
  private volatile String refusal = "";

  CountedLink(Link link) {
    this.link = link;
  }

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
    return link.send(address, payload, retained)
        .whenComplete(
            (done, failed) -> {
              if (failed != null) {
                refusal = String.valueOf(failed.getMessage());
              } else if (address.kind() == Kind.CHUNK) {
                count(taken, payload);
              }
            });
  }

  /** Why the newest message that was not taken was not; empty if all were. */
  String refusal() {
    return refusal;
  }

  @Override
  public Registration listen(LinkListener listener) {
    return link.listen(
        new LinkListener() {
          @Override
          public void received(Address address, byte[] payload) {
            if (address.kind() == Kind.CHUNK) {
              count(received, payload);
            }
            listener.received(address, payload);
          }

          @Override
          public void connected() {
            listener.connected();
          }

          @Override
          public void disconnected() {
            listener.disconnected();
          }
        });
  }

  private synchronized void count(Map<Digest, Integer> counts, byte[] payload) {
    counts.merge(Digest.of(payload), 1, Integer::sum);
  }

  /** Chunks that the broker took. */
  synchronized long chunksSent() {
    return taken.size();
  }

  /** How often the broker took a chunk that it had taken before. */
  synchronized long sentAgain() {
    return again(taken);
  }

  /** Chunks that came. */
  synchronized long chunksReceived() {
    return received.size();
  }

  /** How often a chunk came that had come before. */
  synchronized long receivedAgain() {
    return again(received);
  }

  private static long again(Map<Digest, Integer> counts) {
    return counts.values().stream().mapToLong(count -> count - 1).sum();
  }
}
