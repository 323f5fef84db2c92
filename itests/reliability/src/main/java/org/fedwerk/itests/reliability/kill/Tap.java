// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;

/** Sees every message that an actor sends or receives. */
@FunctionalInterface
interface Tap {
  /** A message passed. */
  void saw(Address address, byte[] payload);

  /** A link that tells the tap. */
  default Link over(Link link) {
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
        saw(address, payload);
        return link.send(address, payload, retained);
      }

      @Override
      public Registration listen(LinkListener listener) {
        return link.listen(
            new LinkListener() {
              @Override
              public void received(Address address, byte[] payload) {
                saw(address, payload);
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
    };
  }
}
