// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What one plant makes. The same arguments give the same parts, on every machine and in every run.
 */
public interface PlantProcess {
  /** Source time at which every process begins; the clock of the parts runs from here. */
  Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** For status lines, for example {@code milling, site a, seed 1}. */
  String description();

  /** The measured quantities, in the order of {@link ProcessPart#values()}. */
  List<ProcessSignal> signals();

  /** Name of the quality label. */
  String label();

  /** The codes that the label can have; none if it is a number. */
  List<String> codes();

  /** The unit of a label that is a number. */
  default Optional<String> labelUnit() {
    return Optional.empty();
  }

  /** Distance of two samples; every sample stands in the middle of its step. */
  Duration step();

  /** Number of parts; {@link Long#MAX_VALUE} if it never ends. */
  long parts();

  /** All parts from the first one, in the order of time. For one thread. */
  Iterator<ProcessPart> iterator();
}
