// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/**
 * The samples of one signal within one part, in the order of source time.
 *
 * @param times source times, nanoseconds since 1970-01-01T00:00Z
 * @param values the numbers, same length; NaN where the sample had no usable number or a bad status
 */
public record Series(long[] times, double[] values) {
  public Series {
    if (times.length != values.length) {
      throw new IllegalArgumentException("as many times as values");
    }
  }
}
