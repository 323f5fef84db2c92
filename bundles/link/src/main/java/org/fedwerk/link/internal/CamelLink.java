// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;

/**
 * The link as Camel routes over MQTT 5 with mutual TLS: {@code direct:fedwerk-out} publishes, one
 * route per topic filter receives. Two threads of its own: one connects, one sends; received
 * messages come on the MQTT clients' threads, one at a time.
 */
public final class CamelLink implements Link, StatusSource, AutoCloseable {
  /** Most bytes of a packet (architecture: 96 KiB or the broker's limit). */
  static final int MAX_PACKET = 96 * 1024;

  /** What a PUBLISH packet needs beside its payload: topic, properties, fixed header. */
  private static final int PACKET_OVERHEAD = 1024;

  private static final String OUT = "direct:fedwerk-out";

  private final CamelContext context;
  private final Connector connector;
  private final Listeners listeners = new Listeners();
  private final BrokerClient out;
  private final ProducerTemplate template;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "fedwerk-link-send");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A link that begins to connect at once, and goes on trying.
   *
   * @param context a fresh Camel context that is not started; the link owns it
   */
  public CamelLink(LinkSettings settings, Identity identity, CamelContext context) {
    this.context = context;
    String id = identity.self().id();
    String root = "fedwerk/" + identity.federation() + "/";
    try {
      Map<String, BrokerClient> in =
          identity.self().role() == Party.Role.COORDINATOR
              ? Map.of("from", client(settings, id + ".from", root + "from/#"))
              : Map.of(
                  "all", client(settings, id + ".all", root + "all/#"),
                  "to", client(settings, id + ".to", root + "to/" + id + "/#"));
      out = client(settings, id + ".out", null);
      context.getRegistry().bind("fedwerkOut", out);
      in.forEach((name, client) -> context.getRegistry().bind("fedwerkIn-" + name, client));
      context.addRoutes(new Routes(in.keySet(), root));
      template = context.createProducerTemplate();
      connector =
          new Connector(
              settings,
              new TlsSockets(identity.tls()),
              java.util.stream.Stream.concat(in.values().stream(), java.util.stream.Stream.of(out))
                  .toList(),
              context::start,
              listeners);
    } catch (Exception notBuilt) {
      throw new IllegalStateException(
          "the link's Camel routes cannot be built: " + notBuilt.getMessage(), notBuilt);
    }
    connector.start();
  }

  private BrokerClient client(
      LinkSettings settings, String clientId, @org.jspecify.annotations.Nullable String filter)
      throws MqttException {
    return new BrokerClient(settings.brokerUrl(), clientId, filter, () -> lost());
  }

  private void lost() {
    connector.lost();
  }

  private final class Routes extends RouteBuilder {
    private final java.util.Set<String> names;
    private final String root;

    Routes(java.util.Set<String> names, String root) {
      this.names = names;
      this.root = root;
    }

    @Override
    public void configure() {
      from(OUT).routeId("fedwerk-out").to("paho-mqtt5:" + root + "none?client=#fedwerkOut&qos=1");
      for (String name : names) {
        // The client subscribes its own filter; the endpoint's topic only names the route.
        from("paho-mqtt5:" + root + name + "?client=#fedwerkIn-" + name + "&qos=1")
            .routeId("fedwerk-in-" + name)
            .process(CamelLink.this::receive);
      }
    }
  }

  private void receive(Exchange exchange) {
    String topic = exchange.getIn().getHeader(PahoMqtt5Constants.MQTT_TOPIC, String.class);
    byte[] payload = exchange.getIn().getBody(byte[].class);
    listeners.received(topic, payload);
  }

  @Override
  public int maxPayload() {
    long broker = connector.brokerMaxPacket();
    return (int) Math.min(MAX_PACKET, broker == 0 ? MAX_PACKET : broker) - PACKET_OVERHEAD;
  }

  @Override
  public boolean isConnected() {
    return connector.isUp();
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    if (payload.length > maxPayload()) {
      return CompletableFuture.failedFuture(
          new LinkException(
              "a "
                  + address.kind().word()
                  + " of "
                  + payload.length
                  + " bytes is more than the link's "
                  + maxPayload()));
    }
    if (!isConnected()) {
      return CompletableFuture.failedFuture(
          new LinkException("the link is not connected to the broker"));
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    try {
      sender.execute(() -> publish(address, payload, retained, answer));
    } catch (RejectedExecutionException closed) {
      answer.completeExceptionally(new LinkException("the link is closed"));
    }
    return answer;
  }

  private void publish(
      Address address, byte[] payload, boolean retained, CompletableFuture<Void> answer) {
    Exchange exchange =
        template.send(
            OUT,
            each -> {
              each.getIn().setHeader(PahoMqtt5Constants.CAMEL_PAHO_OVERRIDE_TOPIC, address.topic());
              each.getIn().setHeader(PahoMqtt5Constants.CAMEL_PAHO_MSG_RETAINED, retained);
              each.getIn().setBody(payload);
            });
    Exception failed = exchange.getException();
    if (failed != null) {
      answer.completeExceptionally(new LinkException("not sent: " + failed.getMessage()));
      return;
    }
    out.published()
        .whenComplete(
            (done, refused) -> {
              if (refused == null) {
                answer.complete(null);
              } else {
                answer.completeExceptionally(refused);
              }
            });
  }

  @Override
  public Registration listen(LinkListener listener) {
    return listeners.add(listener, isConnected());
  }

  @Override
  public List<StatusLine> status() {
    return List.of(connector.status());
  }

  @Override
  public void close() {
    sender.shutdown();
    try {
      if (!sender.awaitTermination(5, TimeUnit.SECONDS)) {
        sender.shutdownNow();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    listeners.close();
    connector.close();
    context.stop();
  }
}
