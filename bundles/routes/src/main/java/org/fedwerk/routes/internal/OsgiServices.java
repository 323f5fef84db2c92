// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Registration;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SignalSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** Services of the process, as the framework has them at the moment. */
final class OsgiServices implements Services, AutoCloseable {
  private final BundleContext bundle;
  private final ServiceTracker<Carriage, Carriage> carriage;
  private final ServiceTracker<SampleSink, SampleSink> samples;
  private final ServiceTracker<LabelSink, LabelSink> labels;
  private final ServiceTracker<Coordination, Coordination> coordination;
  private final Set<String> sources = ConcurrentHashMap.newKeySet();

  OsgiServices(BundleContext bundle) {
    this.bundle = bundle;
    carriage = new ServiceTracker<>(bundle, Carriage.class, null);
    samples = new ServiceTracker<>(bundle, SampleSink.class, null);
    labels = new ServiceTracker<>(bundle, LabelSink.class, null);
    coordination = new ServiceTracker<>(bundle, Coordination.class, null);
    all().forEach(ServiceTracker::open);
  }

  private List<ServiceTracker<?, ?>> all() {
    return List.of(carriage, samples, labels, coordination);
  }

  @Override
  public Optional<Carriage> carriage() {
    return Optional.ofNullable(carriage.getService());
  }

  @Override
  public Optional<SampleSink> samples() {
    return Optional.ofNullable(samples.getService());
  }

  @Override
  public Optional<LabelSink> labels() {
    return Optional.ofNullable(labels.getService());
  }

  @Override
  public Optional<Coordination> coordination() {
    return Optional.ofNullable(coordination.getService());
  }

  @Override
  public Registration listen(PredictionSink sink) {
    return over(bundle.registerService(PredictionSink.class, sink, null));
  }

  @Override
  public Registration measure(MetricSource source) {
    return over(bundle.registerService(MetricSource.class, source, null));
  }

  @Override
  public Registration offer(RouteSource source) {
    if (!sources.add(source.name())) {
      throw new IllegalArgumentException(
          "source=" + source.name() + " is taken by another route; give each its own name");
    }
    Registration service = over(bundle.registerService(SignalSource.class, source, null));
    return () -> {
      if (sources.remove(source.name())) {
        service.close();
      }
    };
  }

  private static Registration over(ServiceRegistration<?> registration) {
    return () -> {
      try {
        registration.unregister();
      } catch (IllegalStateException alreadyGone) {
        // The framework takes services back with the bundle.
        return;
      }
    };
  }

  @Override
  public void close() {
    all().forEach(ServiceTracker::close);
  }
}
