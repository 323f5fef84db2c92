// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.time.Duration;
import java.util.List;

/** What the network does to a message on its way to one receiver. */
@FunctionalInterface
public interface Weather {
  /** Every message arrives once, in order, after a millisecond. */
  Weather FAIR = (from, to, payload) -> List.of(new Arrival(Duration.ofMillis(1), payload));

  /**
   * How a message arrives: not at all, once, or several times.
   *
   * @param from id of the sender
   * @param to id of the receiver
   */
  List<Arrival> of(String from, String to, byte[] payload);

  /**
   * One arrival.
   *
   * @param after how long it takes
   * @param payload what arrives, maybe damaged
   */
  record Arrival(Duration after, byte[] payload) {}
}
