// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;
import org.jspecify.annotations.Nullable;

/** How the intake is: written by its thread, read by any. */
final class IntakeStatus {
  private record Snapshot(
      String open, int ended, long stored, long outOfOrder, long tooLate, long dropped) {}

  private volatile @Nullable String trouble;
  private volatile @Nullable String waitingFor;
  private volatile @Nullable Snapshot snapshot;

  /** Something is wrong. @return true if nothing was before */
  boolean troubled(String message) {
    boolean first = trouble == null;
    trouble = message;
    return first;
  }

  /** Somebody has to act first. */
  void waiting(String message) {
    waitingFor = message;
  }

  /** All is well. @return true if something was wrong before */
  boolean well() {
    boolean mended = trouble != null;
    trouble = null;
    waitingFor = null;
    return mended;
  }

  void publish(Assembly assembly, long stored) {
    Counts counts = assembly.counts();
    snapshot =
        new Snapshot(
            assembly.open(),
            assembly.waiting(),
            stored,
            counts.outOfOrder,
            counts.tooLate,
            counts.dropped);
  }

  StatusLine line() {
    String wrong = trouble;
    String missing = waitingFor;
    Snapshot now = snapshot;
    if (wrong != null) {
      return new StatusLine("window", State.DEGRADED, wrong);
    } else if (missing != null) {
      return new StatusLine("window", State.WAITING, missing);
    } else if (now == null) {
      return new StatusLine("window", State.STARTING, "reading the samples of open parts");
    }
    String detail =
        (now.open().isEmpty() ? "no part is open" : "a part is open")
            + ", "
            + now.ended()
            + " ended ones wait for signals, "
            + now.stored()
            + " stored; samples out of order "
            + now.outOfOrder()
            + ", too late "
            + now.tooLate()
            + ", left out "
            + now.dropped();
    return new StatusLine("window", State.READY, detail);
  }
}
