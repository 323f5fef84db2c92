// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;

/**
 * Moves bytes between the coordinator and sites: at least once, in any order, of bounded size.
 * Nothing else is promised; what must not be lost stays in the sender's outbox until the receiver
 * says that it has it.
 */
public interface Link {
  /** How long an answer takes over a broker, at most, while nothing is cut. */
  Duration BROKER_ROUND_TRIP = Duration.ofSeconds(2);

  /** Largest payload in bytes. */
  int maxPayload();

  /** True while messages can pass. */
  boolean isConnected();

  /**
   * How long it may take until a message is answered. Who asks again earlier only makes traffic: a
   * courier between two folders needs hours.
   */
  default Duration roundTrip() {
    return BROKER_ROUND_TRIP;
  }

  /** The same for what one peer is sent: a link may reach some peers on a slower way. */
  default Duration roundTrip(String peer) {
    return roundTrip();
  }

  /** How fast messages went so far; nothing is sent to find out. */
  default Throughput sent() {
    return Throughput.NONE;
  }

  /**
   * Hands a message over. Any thread may call; it does not block for the network. What was handed
   * over and is not taken yet has a bound: beyond it a message is refused at once, and its sender
   * hands it over again when an earlier one has been taken, or when the receiver asks.
   *
   * @param retained true if late subscribers shall get it (plans only)
   * @return completes when the next hop has taken it; exceptionally with {@link LinkException} if
   *     it is not connected, too large, not permitted, or there is no room for it
   */
  CompletableFuture<Void> send(Address address, byte[] payload, boolean retained);

  /**
   * Adds a listener for all messages addressed to this party. Messages that came before the first
   * listener wait, up to a bound.
   */
  Registration listen(LinkListener listener);
}
