// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The link over the embedded broker and mutual TLS keeps what every link promises. */
class CamelLinkContractTest extends LinkContract {
  @TempDir Path folder;
  private final Map<String, Link> links = new HashMap<>();
  private Federation federation;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(folder, FEDERATION).withBroker();
  }

  @AfterEach
  void stop() throws Exception {
    federation.close();
  }

  @Override
  protected Link coordinator() {
    return links.computeIfAbsent("", none -> federation.link(federation.coordinator()));
  }

  @Override
  protected Link site(String id) throws Exception {
    Link link = links.get(id);
    if (link == null) {
      link = federation.link(federation.site(id));
      links.put(id, link);
    }
    return link;
  }
}
