// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fedwerk.api.Registration;
import org.fedwerk.api.metric.DurationListener;

/** Tells how long predictions took to whoever listens. Thread-safe. */
final class Durations {
  private final List<DurationListener> listeners = new CopyOnWriteArrayList<>();

  Registration listen(DurationListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** A part was predicted, so long after it was handed over. */
  void predicted(String task, long nanos) {
    for (DurationListener each : listeners) {
      each.took(
          "fedwerk.prediction.duration",
          "From the closed part to its prediction at every sink",
          Map.of("task", task),
          Duration.ofNanos(nanos));
    }
  }
}
