// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fedwerk.api.data.DataRole;

/**
 * One part with all that was measured while it was made.
 *
 * @param serial its name, unique in the process
 * @param variant product variant; empty if there are none
 * @param begin source time of its begin
 * @param length its duration; the next part begins at its end
 * @param offsets times of the samples after begin, nanoseconds, ascending, each less than length
 * @param values [signals x samples]; NaN where a signal has no sample
 * @param code quality result in the plant's own code; empty if the part has none
 * @param role what the owner of the data wants the part used for; empty to leave it to the site
 */
public record ProcessPart(
    String serial,
    String variant,
    Instant begin,
    Duration length,
    long[] offsets,
    double[][] values,
    Optional<String> code,
    Optional<DataRole> role) {
  /** Source time of its end. */
  public Instant end() {
    return begin.plus(length);
  }
}
