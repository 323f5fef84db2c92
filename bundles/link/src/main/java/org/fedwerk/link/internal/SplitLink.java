// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;

/**
 * A coordinator's link to a broker, and routes for the sites that have none. It is connected while
 * the broker is: a site behind a folder is known to be slow.
 */
final class SplitLink implements Link, StatusSource, MetricSource, AutoCloseable {
  private final CamelLink broker;
  private final CarriedLink routes;
  private final Set<String> carried;

  /** Both links tell the same listeners. */
  SplitLink(CamelLink broker, CarriedLink routes, Set<String> carried) {
    this.broker = broker;
    this.routes = routes;
    this.carried = Set.copyOf(carried);
  }

  @Override
  public int maxPayload() {
    return Math.min(broker.maxPayload(), routes.maxPayload());
  }

  @Override
  public Duration roundTrip(String peer) {
    return carried.contains(peer) ? routes.roundTrip(peer) : broker.roundTrip(peer);
  }

  @Override
  public boolean isConnected() {
    return broker.isConnected();
  }

  /** Of the broker: how fast a courier is, the link cannot tell. */
  @Override
  public Throughput sent() {
    return broker.sent();
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    String site = address.site();
    if (site != null) {
      return (carried.contains(site) ? routes : broker).send(address, payload, retained);
    }
    // What does not get to the routes is counted there, and their sites say sync.
    var unused = routes.send(address, payload, retained);
    return broker.send(address, payload, retained);
  }

  @Override
  public Registration listen(LinkListener listener) {
    return broker.listen(listener);
  }

  @Override
  public List<StatusLine> status() {
    List<StatusLine> lines = new ArrayList<>(broker.status());
    lines.addAll(routes.status());
    return lines;
  }

  /** Of both together; whether it is up, the broker's link says. */
  @Override
  public List<Measurement> measurements() {
    Map<String, Measurement> all = new LinkedHashMap<>();
    broker.measurements().forEach(each -> all.put(key(each), each));
    for (Measurement other : routes.measurements()) {
      if (!other.name().endsWith(".up")) {
        all.merge(key(other), other, SplitLink::sum);
      }
    }
    return List.copyOf(all.values());
  }

  private static String key(Measurement each) {
    return each.name() + each.tags();
  }

  private static Measurement sum(Measurement one, Measurement other) {
    return new Measurement(
        one.name(),
        one.kind(),
        one.unit(),
        one.description(),
        one.tags(),
        one.value() + other.value());
  }

  @Override
  public void close() {
    routes.close();
    broker.close();
  }
}
