// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.time.Duration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.link.internal.LinkSettings;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.Watch;

/** An actor of the product with its store and its link, in this process or in one of its own. */
interface Body extends AutoCloseable {
  /** What can be seen of it, one fact per line. */
  List<String> facts();

  @Override
  void close();

  /**
   * What every actor is given.
   *
   * @param ground folders
   * @param url address of the broker
   * @param watch sees what it does
   * @param life ends with it
   * @param tap sees what it receives and sends
   */
  record Given(Ground ground, String url, Watch watch, Life life, Tap tap) {
    CamelLink link(Identity identity) {
      LinkSettings settings =
          new LinkSettings(
              url,
              Duration.ofSeconds(30),
              Duration.ofHours(1),
              Duration.ofMillis(50),
              Duration.ofMillis(200));
      return new CamelLink(settings, identity, new DefaultCamelContext());
    }
  }
}
