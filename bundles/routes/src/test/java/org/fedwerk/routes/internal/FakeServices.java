// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fedwerk.api.Registration;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.jspecify.annotations.Nullable;

/** A process around the endpoints: keeps what comes in, gives out what a test puts in. */
final class FakeServices implements Services, SampleSink, LabelSink {
  final List<Sample> samples = new CopyOnWriteArrayList<>();
  final List<LabelReport> labels = new CopyOnWriteArrayList<>();
  final List<String> unmapped = new CopyOnWriteArrayList<>();
  final List<PredictionSink> sinks = new CopyOnWriteArrayList<>();
  final List<MetricSource> meters = new CopyOnWriteArrayList<>();
  final Map<String, RouteSource> sources = new HashMap<>();
  @Nullable Carriage carriage;
  @Nullable Coordination coordination;
  boolean isSite = true;

  @Override
  public Optional<Carriage> carriage() {
    return Optional.ofNullable(carriage);
  }

  @Override
  public Optional<SampleSink> samples() {
    return isSite ? Optional.of(this) : Optional.empty();
  }

  @Override
  public Optional<LabelSink> labels() {
    return isSite ? Optional.of(this) : Optional.empty();
  }

  @Override
  public Optional<Coordination> coordination() {
    return Optional.ofNullable(coordination);
  }

  @Override
  public Registration listen(PredictionSink sink) {
    sinks.add(sink);
    return () -> sinks.remove(sink);
  }

  @Override
  public Registration measure(MetricSource source) {
    meters.add(source);
    return () -> meters.remove(source);
  }

  @Override
  public synchronized Registration offer(RouteSource source) {
    if (sources.putIfAbsent(source.name(), source) != null) {
      throw new IllegalArgumentException("source=" + source.name() + " is taken");
    }
    return () -> withdraw(source);
  }

  private synchronized void withdraw(RouteSource source) {
    sources.remove(source.name(), source);
  }

  synchronized List<String> sourceNames() {
    return new ArrayList<>(sources.keySet());
  }

  @Override
  public void accept(String source, List<Sample> some) {
    samples.addAll(some);
  }

  @Override
  public void interrupted(String source) {
    throw new AssertionError("no endpoint tells that");
  }

  @Override
  public void accept(LabelReport label) {
    labels.add(label);
  }

  @Override
  public void unmapped(String source, String label, String serial) {
    unmapped.add(source + " " + label + " " + serial);
  }
}
