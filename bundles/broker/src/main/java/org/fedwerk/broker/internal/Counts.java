// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.util.concurrent.atomic.LongAdder;

/** What a broker counts, since its start. Any thread. */
final class Counts {
  /** Bytes of MQTT packets, inside TLS. */
  final LongAdder in = new LongAdder();

  final LongAdder out = new LongAdder();

  /** Connections that TLS refused: no certificate, a foreign one, an old protocol. */
  final LongAdder refusedByTls = new LongAdder();

  /** Connections refused for certificate, password or client id. */
  final LongAdder refusedAtDoor = new LongAdder();

  /** Publications and subscriptions without a right. */
  final LongAdder refusedRights = new LongAdder();

  /** Connections closed for something else than MQTT, or a packet far too large. */
  final LongAdder refusedPackets = new LongAdder();

  @Override
  public String toString() {
    return String.format(
        "%d bytes in, %d bytes out; refused: %d by TLS, %d by name or password, %d for rights,"
            + " %d for packets",
        in.sum(),
        out.sum(),
        refusedByTls.sum(),
        refusedAtDoor.sum(),
        refusedRights.sum(),
        refusedPackets.sum());
  }
}
