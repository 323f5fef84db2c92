// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Links that couriers carry for keep what every link promises, without any broker. */
class CarriedLinkContractTest extends LinkContract {
  @TempDir Path folder;
  private final Map<String, CarriedLink> links = new HashMap<>();
  private Federation federation;
  private Couriers couriers;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(folder, FEDERATION);
    couriers = new Couriers();
    for (String site : new String[] {"a", "b"}) {
      add(site, federation.site(site));
    }
    add(federation.coordinator().self().id(), federation.coordinator());
  }

  private void add(String id, org.fedwerk.api.identity.Identity identity) {
    CarriedLink link =
        new CarriedLink(LinkSettings.Queue.DEFAULTS, identity, Duration.ofMinutes(1));
    links.put(id, link);
    couriers.serve(id, link);
  }

  @AfterEach
  void stop() throws Exception {
    couriers.close();
    links.values().forEach(CarriedLink::close);
    federation.close();
  }

  @Override
  protected Link coordinator() {
    return site(federation.coordinator().self().id());
  }

  @Override
  protected Link site(String id) {
    return java.util.Objects.requireNonNull(links.get(id));
  }
}
