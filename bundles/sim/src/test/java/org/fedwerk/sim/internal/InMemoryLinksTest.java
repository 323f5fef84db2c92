// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkContract;
import org.junit.jupiter.api.AfterEach;

class InMemoryLinksTest extends LinkContract {
  private final InMemoryLinks links = new InMemoryLinks();

  @Override
  protected Link coordinator() {
    return links.coordinator();
  }

  @Override
  protected Link site(String id) {
    return links.site(id);
  }

  @AfterEach
  void close() {
    links.close();
  }
}
