// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Section;
import org.jspecify.annotations.Nullable;

/** Deletes the chunks of models and replies that nobody needs any more. For the talk thread. */
final class ChunkSweep {
  private final SiteState state;
  private final JobsUnderWay jobs;
  private final Predicate<Digest> alsoNeeded;

  /** True if chunks that nobody needs wait to be deleted until a list is here. */
  private boolean postponed;

  /**
   * Nothing waits to be deleted.
   *
   * @param alsoNeeded true for chunks that something else fetches
   */
  ChunkSweep(SiteState state, JobsUnderWay jobs, Predicate<Digest> alsoNeeded) {
    this.state = state;
    this.jobs = jobs;
    this.alsoNeeded = alsoNeeded;
  }

  /** Something was let go. */
  void sweep() {
    sweep(null);
  }

  /** A newer plan came; the chunks of its model are kept, whether they are fetched or not. */
  void sweep(@Nullable Plan newest) {
    // While a list is not here, nobody knows which of the chunks kept belong to its model.
    postponed = !jobs.areListed();
    if (postponed) {
      return;
    }
    Set<Digest> needed = jobs.blobs();
    if (newest != null) {
      needed.addAll(blobs(newest));
    }
    state
        .chunks()
        .collect(
            chunk ->
                needed.contains(chunk)
                    || state.deployments().needs(chunk)
                    || state.outbox().needs(chunk)
                    || state.personal().book().needs(chunk)
                    || state.made().needs(chunk)
                    || jobs.fetches(chunk)
                    || alsoNeeded.test(chunk));
  }

  /** A list is here, or is waited for no more. */
  void sweepIfPostponed() {
    if (postponed) {
      sweep();
    }
  }

  private List<Digest> blobs(Plan plan) {
    Section parameters = plan.model().parameters();
    try {
      return parameters.read(state.blobs()::get).orElse(parameters).blobs();
    } catch (RefusedException malformed) {
      return parameters.blobs(); // nothing was fetched by such a list
    }
  }
}
