// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;

/** An actor's end of a link under watch: a message counts as an effect once it was handed over. */
public final class WatchedLink implements Link {
  private final Link link;
  private final Watch watch;
  private final Life life;

  /** Watches a link for one life. */
  public WatchedLink(Link link, Watch watch, Life life) {
    this.link = link;
    this.watch = watch;
    this.life = life;
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
    life.check();
    CompletableFuture<Void> sent = link.send(address, payload, retained);
    watch.effect(life);
    return sent;
  }

  @Override
  public Registration listen(LinkListener listener) {
    return link.listen(
        new LinkListener() {
          @Override
          public void received(Address address, byte[] payload) {
            if (life.goesOn()) {
              listener.received(address, payload);
            }
          }

          @Override
          public void connected() {
            if (life.goesOn()) {
              listener.connected();
            }
          }

          @Override
          public void disconnected() {
            if (life.goesOn()) {
              listener.disconnected();
            }
          }
        });
  }
}
