// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Registration;
import org.fedwerk.api.metric.DurationListener;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;

/** A room whose numbers and lines a test sets. */
final class FakeRoom implements MetricSource, StatusSource {
  final List<Measurement> measured = new ArrayList<>();
  final List<StatusLine> lines = new ArrayList<>();
  final List<DurationListener> listeners = new ArrayList<>();

  @Override
  public List<Measurement> measurements() {
    return List.copyOf(measured);
  }

  @Override
  public Registration listen(DurationListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public List<StatusLine> status() {
    return List.copyOf(lines);
  }
}
