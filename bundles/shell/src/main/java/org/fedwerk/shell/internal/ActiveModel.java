// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.SiteAgent;
import org.fedwerk.api.site.SiteAgent.ModelView;

/** What predicts after a person decided. */
final class ActiveModel {
  static final String ABSENT =
      "this process runs no site; run the command at a site, or install fedwerk-site and an engine";

  private ActiveModel() {}

  /** One row: the act that was just recorded. */
  static Listing of(SiteAgent site, String task) throws RefusedException {
    Listing listing =
        new Listing("nothing is deployed here", "task", "version", "model", "act", "by", "state");
    for (ModelView newest : site.models(task).stream().limit(1).toList()) {
      listing
          .row()
          .put("task", task)
          .put("version", newest.version())
          .put("model", newest.digest().brief())
          .put("act", newest.act())
          .put("by", newest.by())
          .put("state", newest.state())
          .put("digest", newest.digest().hex())
          .put("time", newest.time().map(Object::toString).orElse(null));
    }
    return listing;
  }
}
