// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

/** What was odd about samples. Of the thread that assembles. */
final class Counts {
  /** Bad status, NaN, wrong type or no usable source time. */
  long missing;

  /** Came after a newer one of the same signal. */
  long outOfOrder;

  /** Came when the part was closed. */
  long tooLate;

  /** Left out because too many were waiting. */
  long dropped;
}
