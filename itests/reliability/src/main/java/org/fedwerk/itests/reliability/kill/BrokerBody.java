// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.broker.internal.BrokerSettings;
import org.fedwerk.broker.internal.EmbeddedBroker;
import org.fedwerk.identity.internal.Authority;

/** The federation's broker on a port that stays the same over its kills. */
final class BrokerBody implements Body {
  private final Authority authority;
  private final EmbeddedBroker broker;

  BrokerBody(Ground ground, int port) throws IOException, RefusedException {
    authority = ground.authority(Ground.BROKER);
    BrokerSettings free = BrokerSettings.loopback(Ground.FEDERATION, ground.state(Ground.BROKER));
    broker =
        EmbeddedBroker.forFederation(
            new BrokerSettings(
                free.name(),
                free.host(),
                port,
                free.packetMax(),
                free.clientsMax(),
                free.folder(),
                free.journalFileBytes(),
                free.sessionExpiryMax(),
                free.queueMaxBytes(),
                free.whenFull(),
                free.diskMaxPercent()),
            authority.identity());
  }

  @Override
  public java.util.List<String> facts() {
    return java.util.List.of();
  }

  @Override
  public void close() {
    try {
      broker.close();
      authority.close();
    } catch (IOException unclosed) {
      throw new java.io.UncheckedIOException(unclosed);
    }
  }
}
