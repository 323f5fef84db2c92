// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Storage;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers the storage in PostgreSQL as a service for as long as this process holds the lease: with
 * the service a coordinator and its link come and go.
 */
@Component(
    service = {StatusSource.class, MetricSource.class},
    configurationPid = PostgresSettings.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
@Designate(ocd = Config.class)
public final class PostgresStoreComponent implements StatusSource, MetricSource, LeaseKeeper.Owner {
  private final BundleContext bundle;
  private final LeaseKeeper keeper;
  private volatile @Nullable ServiceRegistration<Storage> registration;
  private volatile long epoch;

  /** Begins to ask for the lease; does not wait for the database. */
  @Activate
  public PostgresStoreComponent(BundleContext bundle, Config config) {
    this.bundle = bundle;
    keeper = new LeaseKeeper(PostgresSettings.of(config), this);
  }

  @Activate
  void start() {
    keeper.start();
  }

  @Deactivate
  void stop() {
    keeper.close();
  }

  @Override
  public void gained(Storage storage) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(Storage.KIND, Storage.POSTGRESQL);
    epoch = storage.epoch();
    registration = bundle.registerService(Storage.class, storage, properties);
  }

  @Override
  public void lost() {
    ServiceRegistration<Storage> registered = registration;
    registration = null;
    epoch = 0;
    if (registered != null) {
      registered.unregister();
    }
  }

  @Override
  public List<StatusLine> status() {
    return List.of(keeper.status());
  }

  @Override
  public List<Measurement> measurements() {
    return List.of(
        Measurement.gauge(
            "fedwerk.lease.epoch",
            "",
            "Epoch of the lease that this process holds; 0 while it is standby",
            epoch));
  }
}
