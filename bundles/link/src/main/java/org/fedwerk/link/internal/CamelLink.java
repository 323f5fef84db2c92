// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link as Camel routes over MQTT 5 with mutual TLS: {@code direct:fedwerk-out} publishes, one
 * route per topic filter receives. Three threads of its own: one connects, one sends, one tells
 * listeners; the MQTT clients' threads wait for the last.
 */
public final class CamelLink implements Link, StatusSource, MetricSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CamelLink.class);

  /** Most bytes of a packet (architecture: 96 KiB or the broker's limit). */
  static final int MAX_PACKET = 96 * 1024;

  /** What a PUBLISH packet needs beside its payload: topic, properties, fixed header. */
  static final int PACKET_OVERHEAD = 1024;

  private static final String OUT = "direct:fedwerk-out";
  private static final long CLOSE_SECONDS = 5;

  private final CamelContext context;
  private final Connector connector;
  private final Listeners listeners = new Listeners();
  private final Traffic traffic = new Traffic();
  private final BrokerClient out;
  private final ProducerTemplate template;
  private final ExecutorService sender = Executors.newSingleThreadExecutor(Threads.named("send"));
  private final SendQueue queue;
  private final int inFlight;
  private final List<BrokerClient> receivers;
  private final int receive;
  private volatile boolean closed;

  /**
   * A link that begins to connect at once, and goes on trying.
   *
   * @param context a fresh Camel context that is not started; the link owns it
   */
  public CamelLink(LinkSettings settings, Identity identity, CamelContext context) {
    this.context = context;
    this.queue = new SendQueue(settings.queue(), "the broker");
    this.inFlight = settings.queue().inFlight();
    this.receive = settings.queue().receive();
    Party self = identity.self();
    // The broker binds client ids to the certificate's name; a suffix after a dot is free.
    String name = self.id();
    String root = "fedwerk/" + identity.federation() + "/";
    try {
      Map<String, BrokerClient> in =
          self.role() == Party.Role.COORDINATOR
              ? Map.of("from", client(settings, name + ".from", root + "from/#"))
              : Map.of(
                  "all", client(settings, name + ".all", root + "all/#"),
                  "to", client(settings, name + ".to", root + "to/" + self.id() + "/#"));
      receivers = List.copyOf(in.values());
      out = client(settings, name + ".out", null);
      context.getRegistry().bind("fedwerkOut", out);
      in.forEach((route, client) -> context.getRegistry().bind("fedwerkIn-" + route, client));
      context.addRoutes(new Routes(in.keySet(), root));
      template = context.createProducerTemplate();
      connector =
          new Connector(
              settings,
              new TlsSockets(identity.tls()),
              Stream.concat(in.values().stream(), Stream.of(out)).toList(),
              context::start,
              listeners);
    } catch (Exception notBuilt) {
      throw new IllegalStateException(
          "the link's Camel routes cannot be built: " + notBuilt.getMessage(), notBuilt);
    }
    connector.start();
  }

  /** A link of a process that is no OSGi framework: for tests and simulations. */
  public static CamelLink standalone(LinkSettings settings, Identity identity) {
    return new CamelLink(settings, identity, new DefaultCamelContext());
  }

  /** Those who hear of it; another link of this process may tell them too. */
  Listeners listeners() {
    return listeners;
  }

  private BrokerClient client(LinkSettings settings, String clientId, @Nullable String filter)
      throws MqttException {
    return new BrokerClient(
        settings.brokerUrl(), clientId, settings.queue().inFlight(), filter, listeners, this::lost);
  }

  private void lost() {
    connector.lost();
  }

  private final class Routes extends RouteBuilder {
    private final Set<String> names;
    private final String root;

    Routes(Set<String> names, String root) {
      this.names = names;
      this.root = root;
    }

    @Override
    public void configure() {
      // A failed exchange is told to the sender; Camel's own handler would log its stack trace too.
      errorHandler(noErrorHandler());
      from(OUT).routeId("fedwerk-out").to("paho-mqtt5:" + root + "none?client=#fedwerkOut&qos=1");
      for (String name : names) {
        // The client subscribes its own filter; the endpoint's topic only names the route.
        from("paho-mqtt5:" + root + name + "?client=#fedwerkIn-" + name + "&qos=1")
            .routeId("fedwerk-in-" + name)
            .process(CamelLink.this::receive);
      }
    }
  }

  private void receive(Exchange exchange) throws InterruptedException {
    String topic = exchange.getIn().getHeader(PahoMqtt5Constants.MQTT_TOPIC, String.class);
    byte[] payload = exchange.getIn().getBody(byte[].class);
    traffic.received(payload.length);
    listeners.received(topic, payload);
  }

  @Override
  public int maxPayload() {
    long broker = connector.brokerMaxPacket();
    long packet = broker == 0 ? MAX_PACKET : Math.min(MAX_PACKET, broker);
    return (int) Math.max(0, packet - PACKET_OVERHEAD);
  }

  @Override
  public boolean isConnected() {
    return connector.isUp();
  }

  @Override
  public Throughput sent() {
    return traffic.sent();
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
          new LinkException(
              closed ? "the link is closed" : "the link is not connected to the broker"));
    }
    try {
      queue.enter(payload.length);
    } catch (LinkException full) {
      return CompletableFuture.failedFuture(full);
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    var unused = answer.whenComplete((done, failed) -> queue.leave(payload.length));
    traffic.taken(answer, payload.length);
    try {
      sender.execute(() -> publish(address, payload, retained, answer));
    } catch (RejectedExecutionException closing) {
      answer.completeExceptionally(new LinkException("the link is closed"));
    }
    return answer;
  }

  private void publish(
      Address address, byte[] payload, boolean retained, CompletableFuture<Void> answer) {
    if (closed) {
      answer.completeExceptionally(new LinkException("the link is closed"));
      return;
    }
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
    return listeners.add(listener);
  }

  @Override
  public List<StatusLine> status() {
    return List.of(connector.status(), queue.status());
  }

  @Override
  public List<Measurement> measurements() {
    List<Measurement> measured =
        new ArrayList<>(
            traffic.measurements(
                isConnected(), out.inFlight(), queue.messages(), connector.connections()));
    measured.addAll(queue.levels("send"));
    measured.addAll(new QueueLevel("send-in-flight", out.inFlight(), inFlight).things());
    measured.addAll(new QueueLevel("listen", listeners.waiting(), receivers.size()).things());
    int unacknowledged = receivers.stream().mapToInt(BrokerClient::unacknowledged).sum();
    measured.addAll(
        new QueueLevel("receive", unacknowledged, (long) receive * receivers.size()).things());
    return measured;
  }

  /** What was handed over before still goes, for a few seconds; the rest is told as failed. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    sender.shutdown();
    awaitSender();
    closed = true;
    listeners.close();
    // Fails what the broker has not answered, and so lets a waiting sender go on.
    connector.close();
    awaitSender();
    template.stop();
    context.stop();
  }

  private void awaitSender() {
    try {
      if (!sender.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.debug("Messages still wait to be sent");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
