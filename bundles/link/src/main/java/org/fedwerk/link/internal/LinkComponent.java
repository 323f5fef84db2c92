// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.LanguageResolver;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Storage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The link as a service, present while there is an identity and the storage of whoever speaks over
 * it: a coordinator that stands by for another one must not listen in its place.
 */
@Component(
    service = {Link.class, StatusSource.class, MetricSource.class},
    configurationPid = LinkSettings.PID,
    immediate = true)
@Designate(ocd = Config.class)
public final class LinkComponent implements Link, StatusSource, MetricSource {
  private final Link link;
  private final StatusSource status;
  private final MetricSource metrics;
  private final List<AutoCloseable> parts = new ArrayList<>();

  /**
   * Wired by Declarative Services; the resolvers tell that Camel's bundle is ready, also after a
   * warm restart.
   */
  @Activate
  public LinkComponent(
      @Reference Identity identity,
      @Reference(target = "(" + Storage.KIND + "=" + Storage.FILES + ")") Storage storage,
      @Reference(target = "(component=paho-mqtt5)") ComponentResolver component,
      @Reference(target = "(language=simple)") LanguageResolver language,
      BundleContext bundle,
      Config config) {
    CarrierSettings carrier = CarrierSettings.of(config, identity.self());
    if (carrier.carrier() == CarrierSettings.Carrier.ROUTES) {
      CarriedLink routes =
          new CarriedLink(LinkSettings.queue(config), identity, carrier.roundTrip());
      offer(bundle, routes);
      parts.add(routes);
      link = routes;
      status = routes;
      metrics = routes;
      return;
    }
    CamelLink broker =
        new CamelLink(
            LinkSettings.of(config, identity), identity, new OsgiDefaultCamelContext(bundle));
    if (carrier.sites().isEmpty()) {
      parts.add(broker);
      link = broker;
      status = broker;
      metrics = broker;
      return;
    }
    CarriedLink routes =
        CarriedLink.beside(broker.listeners(), LinkSettings.queue(config), identity, carrier);
    offer(bundle, routes);
    SplitLink both = new SplitLink(broker, routes, carrier.sites());
    parts.add(both);
    link = both;
    status = both;
    metrics = both;
  }

  private void offer(BundleContext bundle, Carriage carriage) {
    ServiceRegistration<Carriage> service = bundle.registerService(Carriage.class, carriage, null);
    parts.add(service::unregister);
  }

  @Deactivate
  void deactivate() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  @Override
  public int maxPayload() {
    return link.maxPayload();
  }

  @Override
  public Duration roundTrip() {
    return link.roundTrip();
  }

  @Override
  public Duration roundTrip(String peer) {
    return link.roundTrip(peer);
  }

  @Override
  public boolean isConnected() {
    return link.isConnected();
  }

  @Override
  public Throughput sent() {
    return link.sent();
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    return link.send(address, payload, retained);
  }

  @Override
  public Registration listen(LinkListener listener) {
    return link.listen(listener);
  }

  @Override
  public List<Measurement> measurements() {
    return metrics.measurements();
  }

  @Override
  public List<StatusLine> status() {
    return status.status();
  }
}
