// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.function.Supplier;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Backups;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.api.store.Storage;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The store as services, which appear when its files could be read: an unreadable one is a line of
 * the status, and no restart is needed once it is mended.
 */
@Component(
    service = {Backups.class, StatusSource.class, MetricSource.class},
    configurationPid = "org.fedwerk.store",
    immediate = true)
@Designate(ocd = StoreConfig.class)
public final class StoreComponent implements Backups, StatusSource, MetricSource, StoreGate.Offer {
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final BundleContext bundle;
  private final StoreGate gate;
  private final List<ServiceRegistration<?>> services = new ArrayList<>();

  /** Reads nothing yet. */
  @Activate
  public StoreComponent(BundleContext bundle, StoreConfig config) {
    this.bundle = bundle;
    gate = new StoreGate(StoreSettings.of(config), this, AGAIN);
  }

  @Activate
  void start() {
    gate.start();
  }

  @Deactivate
  void stop() {
    gate.close();
  }

  @Override
  public synchronized void open(Storage storage, Supplier<PartStore> parts) {
    Dictionary<String, Object> kind = new Hashtable<>();
    kind.put(Storage.KIND, Storage.FILES);
    services.add(bundle.registerService(Storage.class, storage, kind));
    services.add(bundle.registerService(PartStore.class, new OnDemand(parts), null));
  }

  @Override
  public synchronized void close() {
    services.forEach(ServiceRegistration::unregister);
    services.clear();
  }

  @Override
  public Summary backup(Path file) throws RefusedException {
    return gate.backup(file);
  }

  @Override
  public Summary restore(Path file, boolean replace, long leastEpoch) throws RefusedException {
    return gate.restore(file, replace, leastEpoch);
  }

  @Override
  public List<StatusLine> status() {
    return gate.status();
  }

  @Override
  public List<Measurement> measurements() {
    return gate.measurements();
  }

  /** One for all who ask. */
  private record OnDemand(Supplier<PartStore> parts) implements ServiceFactory<PartStore> {
    @Override
    public PartStore getService(Bundle asking, ServiceRegistration<PartStore> registration) {
      return parts.get();
    }

    @Override
    public void ungetService(
        Bundle asking, ServiceRegistration<PartStore> registration, PartStore service) {
      // It stays open for whoever asks next.
    }
  }
}
