// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.SealedMessages;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Lets the site take part in rounds while identity and link are there. */
@Component(
    service = {},
    immediate = true)
public final class ConnectionComponent {
  private final Site site;

  /** Wired by Declarative Services. */
  @Activate
  public ConnectionComponent(
      @Reference Site site,
      @Reference Identity identity,
      @Reference SealedMessages sealed,
      @Reference Link link) {
    this.site = site;
    site.connect(identity, sealed, link);
  }

  @Deactivate
  void deactivate() {
    site.disconnect();
  }
}
