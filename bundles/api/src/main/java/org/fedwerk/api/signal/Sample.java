// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value of one signal.
 *
 * @param signal the signal's name at this site
 * @param value the value; null where the source delivered a status alone
 * @param status OPC UA status code, unsigned 32 bit (Part 4, 7.39); 0 is Good. Sources without one
 *     use 0
 * @param sourceTime when the value was measured, by the source's clock
 */
public record Sample(String signal, @Nullable SampleValue value, int status, Instant sourceTime) {
  /** True if the severity bits of the status say Good (the two highest bits are 00). */
  public boolean isGood() {
    return (status >>> 30) == 0;
  }
}
