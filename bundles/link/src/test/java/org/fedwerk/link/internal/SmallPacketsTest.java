// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose largest packet is smaller than a piece of a model. */
class SmallPacketsTest {
  private static final int SMALL = 32 * 1024;
  private static final Address CHUNK =
      new Address("plants", Branch.FROM, "a", Kind.CHUNK, Address.NO_TASK);

  @TempDir Path folder;

  @Test
  void itIsNamedInTheStatusWhileTheRestPassesAndGoneWithABrokerThatTakesMore() throws Exception {
    try (Federation federation = new Federation(folder, "plants")) {
      federation.packetMax(SMALL);
      federation.startBroker();
      CamelLink site = federation.link(federation.site("a"));
      Ear ear = Ear.at(site).connects();
      StatusLine told = site.status().get(0);
      assertEquals(StatusLine.State.DEGRADED, told.state());
      assertTrue(told.detail().contains("at most " + SMALL + " bytes"), told.detail());
      assertTrue(told.detail().contains("packet.max"), told.detail());
      send(site, site.maxPayload());
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> send(site, 60 * 1024));
      assertInstanceOf(LinkException.class, refused.getCause());
      assertTrue(site.isConnected(), "a piece that is too large does not cost the connection");

      federation.stopBroker();
      federation.packetMax(0);
      federation.startBroker();
      ear.connects();
      assertEquals(StatusLine.State.READY, site.status().get(0).state());
      send(site, 60 * 1024);
    }
  }

  private static void send(CamelLink link, int bytes) throws Exception {
    link.send(CHUNK, new byte[bytes], false).get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
