// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;

/** What happened to a version; each is one record, forced before it has an effect. */
public sealed interface Step {
  /** The version it is about. */
  int version();

  /** Who or what decided. */
  String by();

  /** Why, in words; may be empty. */
  String why();

  /** Wall clock, for people. */
  Instant at();

  /**
   * A round committed it.
   *
   * @param card what was known of it then
   */
  record Added(int version, Digest digest, String card, Instant at) implements Step {
    @Override
    public String by() {
      return Deciders.ROUNDS;
    }

    @Override
    public String why() {
      return "";
    }
  }

  /** It is good enough. */
  record Approved(int version, String by, String why, Instant at) implements Step {}

  /** Every site is to deploy it; the one before is retired. */
  record Activated(int version, String by, String why, Instant at) implements Step {}

  /** It is not to be deployed. */
  record Retired(int version, String by, String why, Instant at) implements Step {}

  /**
   * A wave of its rollout begins.
   *
   * @param wave from 1
   * @param waves sites of all waves
   */
  record WaveBegan(
      int version, int wave, List<List<String>> waves, String by, String why, Instant at)
      implements Step {
    public WaveBegan {
      waves = waves.stream().map(List::copyOf).toList();
    }
  }

  /** The wave showed what its gate wants, or a person let it pass. */
  record GatePassed(int version, int wave, String by, String why, Instant at) implements Step {}

  /**
   * Its sites go back, and it is retired.
   *
   * @param to the version they go back to; empty for none
   */
  record RolledBack(int version, Optional<Integer> to, String by, String why, Instant at)
      implements Step {}
}
