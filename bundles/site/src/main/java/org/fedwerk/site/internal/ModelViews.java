// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.site.SiteAgent.ModelView;
import org.fedwerk.site.internal.Standing.Act;
import org.fedwerk.site.internal.Standing.Held;
import org.jspecify.annotations.Nullable;

/** A task's standing as its owner sees it. */
final class ModelViews {
  private ModelViews() {}

  /** One row for each act, newest first; a model's state stands in its newest row. */
  static List<ModelView> of(Standing standing) {
    List<ModelView> rows = new ArrayList<>();
    List<Digest> told = new ArrayList<>();
    for (int i = standing.acts().size() - 1; i >= 0; i--) {
      Act act = standing.acts().get(i);
      boolean newest = !told.contains(act.digest());
      told.add(act.digest());
      rows.add(
          new ModelView(
              act.version(),
              act.digest(),
              act.localRevision(),
              act.at().equals(Instant.EPOCH) ? Optional.empty() : Optional.of(act.at()),
              act.what().word(),
              act.by(),
              newest ? state(standing, act) : ""));
    }
    return rows;
  }

  private static String state(Standing standing, Act act) {
    if (is(standing.active(), act)) {
      return standing.pin() == null ? "active" : "active, pinned";
    }
    return is(standing.previous(), act) ? "previous" : "";
  }

  private static boolean is(@Nullable Held held, Act act) {
    return held != null && held.model().digest().equals(act.digest());
  }
}
