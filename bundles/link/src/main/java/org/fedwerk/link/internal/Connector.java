// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.EOFException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.status.StatusLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a link's clients connected: all or none count as up. A lost connection is a status, and is
 * tried again with back-off. Everything happens on its one thread.
 */
final class Connector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connector.class);
  private static final long CLOSE_SECONDS = 5;

  private final LinkSettings settings;
  private final TlsSockets sockets;
  private final List<BrokerClient> clients;
  private final Runnable routes;
  private final Listeners listeners;
  private final Backoff backoff;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Threads.named("connect"));

  private boolean retrying;
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean wasUp;
  private volatile boolean up;
  private volatile boolean broken;
  private volatile long maxPacket;
  private volatile String state = "has not tried yet";

  /**
   * A connector that does nothing yet.
   *
   * @param routes starts the routes, once, before the first connection
   */
  Connector(
      LinkSettings settings,
      TlsSockets sockets,
      List<BrokerClient> clients,
      Runnable routes,
      Listeners listeners) {
    this.settings = settings;
    this.sockets = sockets;
    this.clients = clients;
    this.routes = routes;
    this.listeners = listeners;
    this.backoff =
        new Backoff(settings.backoffLeast(), settings.backoffMost(), new SplittableRandom());
  }

  void start() {
    after(this::begin, 0);
  }

  /** A client lost its connection; any thread may call. */
  void lost() {
    after(this::cut, 0);
  }

  private void after(Runnable step, long millis) {
    try {
      var unused = thread.schedule(step, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("The link is closed and does nothing more");
    }
  }

  private void begin() {
    try {
      // Before any client connects: what the broker kept for a session comes at once.
      routes.run();
    } catch (RuntimeException failed) {
      broken = true;
      state = "its Camel routes did not start: " + failed.getMessage() + "; restart the process";
      log.error("The link's Camel routes did not start", failed);
      return;
    }
    connect();
  }

  private void cut() {
    if (up) {
      up = false;
      state = "the connection was lost; it is tried again";
      log.info("The link to {} is cut; it is tried again", settings.brokerUrl());
      listeners.disconnected();
    }
    retry();
  }

  private void retry() {
    if (!retrying) {
      retrying = true;
      after(this::connect, backoff.next().toMillis());
    }
  }

  private void connect() {
    retrying = false;
    try {
      for (BrokerClient client : clients) {
        if (!client.isConnected()) {
          maxPacket = client.open(options(), sockets);
        }
      }
    } catch (MqttException | LinkException failed) {
      String reason = reason(failed);
      if (!reason.equals(state)) {
        log.info("The broker {} is not reached: {}", settings.brokerUrl(), reason);
      }
      state = reason;
      retry();
      return;
    }
    if (up || !clients.stream().allMatch(BrokerClient::isConnected)) {
      return; // the loss of a client is told by itself
    }
    backoff.reset();
    up = true;
    wasUp = true;
    connections.incrementAndGet();
    state = "connected";
    log.info("The link to {} is up", settings.brokerUrl());
    listeners.connected();
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setAutomaticReconnect(false);
    options.setReceiveMaximum(settings.queue().receive());
    return options;
  }

  private static String reason(Exception failed) {
    Throwable cause = failed.getCause();
    if (failed instanceof LinkException) {
      return String.valueOf(failed.getMessage());
    }
    if (cause instanceof SSLException) {
      return "TLS was refused ("
          + cause.getMessage()
          + "): broker and this process must hold certificates of the same federation, and the broker's must name its host";
    }
    if (cause instanceof UnknownHostException) {
      return "the host " + cause.getMessage() + " is not known; correct broker.url";
    }
    if (cause instanceof EOFException) {
      return "the broker closed the connection; see its log whether it knows this process' certificate";
    }
    if (cause != null) {
      return (cause.getMessage() == null ? cause.toString() : cause.getMessage())
          + "; is the broker running and the address right?";
    }
    int reason = failed instanceof MqttException mqtt ? mqtt.getReasonCode() : 0;
    if (Answer.isRefusal(reason)) {
      return "the broker refused this process (MQTT reason "
          + reason
          + "); see that it is enrolled in this federation and not revoked";
    }
    return failed.getMessage() + " (MQTT reason " + reason + ")";
  }

  /** How often the link came up since start. */
  long connections() {
    return connections.get();
  }

  boolean isUp() {
    return up;
  }

  /** The broker's Maximum Packet Size; 0 if it named none. */
  long brokerMaxPacket() {
    return maxPacket;
  }

  StatusLine status() {
    StatusLine.State now = StatusLine.State.STARTING;
    if (up && maxPacket > 0 && maxPacket < CamelLink.MAX_PACKET) {
      return new StatusLine(
          "link " + settings.brokerUrl(),
          StatusLine.State.DEGRADED,
          "connected, but the broker takes packets of at most "
              + maxPacket
              + " bytes, and models come in pieces of up to "
              + CamelLink.MAX_PACKET
              + "; raise its largest packet (embedded broker: packet.max; Mosquitto: max_packet_size), or give the coordinator a smaller range");
    }
    if (broken) {
      now = StatusLine.State.DOWN;
    } else if (up) {
      now = StatusLine.State.READY;
    } else if (wasUp) {
      now = StatusLine.State.DEGRADED;
    }
    return new StatusLine("link " + settings.brokerUrl(), now, state);
  }

  @Override
  public void close() {
    up = false;
    thread.shutdownNow();
    clients.forEach(BrokerClient::end);
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("An attempt to connect to {} goes on in the background", settings.brokerUrl());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
