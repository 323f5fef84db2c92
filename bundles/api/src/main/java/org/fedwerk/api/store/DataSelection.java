// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.time.Instant;

/**
 * Which of a site's data are meant. It selects serials: what belongs to a serial, that is parts of
 * that name, labels and role, is meant as a whole.
 */
public sealed interface DataSelection {
  /** One serial. */
  record BySerial(String serial) implements DataSelection {
    public BySerial {
      if (serial.isBlank()) {
        throw new IllegalArgumentException("a serial is not empty");
      }
    }
  }

  /**
   * Serials with a part that began in a span of source time; where there is no part yet, those with
   * a label whose time lies in it.
   *
   * @param from first time meant
   * @param to first time not meant any more
   */
  record ByTime(Instant from, Instant to) implements DataSelection {
    public ByTime {
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException("the span from " + from + " to " + to + " is empty");
      }
    }

    /** True if a time lies in the span. */
    public boolean holds(Instant time) {
      return !time.isBefore(from) && time.isBefore(to);
    }
  }

  /** Serials with a label of a source, in whatever revision. */
  record ByLabelSource(String source) implements DataSelection {}
}
