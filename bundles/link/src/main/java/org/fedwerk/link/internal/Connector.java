// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.status.StatusLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a link's clients connected: all or none count as up. A lost connection is a status, and is
 * tried again with back-off. Its thread is its own.
 */
final class Connector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connector.class);
  private static final int RECEIVE_MAXIMUM = 100;
  private static final int CONNECT_SECONDS = 15;

  private final LinkSettings settings;
  private final TlsSockets sockets;
  private final List<BrokerClient> clients;
  private final Runnable firstUp;
  private final Listeners listeners;
  private final Backoff backoff;
  private final AtomicBoolean trying = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread each = new Thread(task, "fedwerk-link-connect");
            each.setDaemon(true);
            return each;
          });

  private boolean started;
  private volatile boolean up;
  private volatile long maxPacket;
  private volatile String state = "has not tried yet";

  Connector(
      LinkSettings settings,
      TlsSockets sockets,
      List<BrokerClient> clients,
      Runnable firstUp,
      Listeners listeners) {
    this.settings = settings;
    this.sockets = sockets;
    this.clients = clients;
    this.firstUp = firstUp;
    this.listeners = listeners;
    this.backoff =
        new Backoff(
            settings.backoffLeast(), settings.backoffMost(), new java.util.SplittableRandom());
  }

  void start() {
    trying.set(true);
    later(0);
  }

  private void later(long millis) {
    try {
      var unused = thread.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("The link is closed and does not connect again");
    }
  }

  /** A client lost its connection; any thread may call. */
  void lost() {
    if (up) {
      up = false;
      log.info("The link to {} is cut; it is tried again", settings.brokerUrl());
      listeners.disconnected();
    }
    if (trying.compareAndSet(false, true)) {
      later(backoff.next().toMillis());
    }
  }

  private void connect() {
    try {
      for (BrokerClient client : clients) {
        if (!client.isConnected()) {
          maxPacket = client.open(options());
        }
      }
    } catch (MqttException failed) {
      long wait = backoff.next().toMillis();
      String reason = reason(failed);
      if (!reason.equals(state)) {
        log.info("The broker {} is not reached: {}", settings.brokerUrl(), reason);
      }
      state = reason;
      later(wait);
      return;
    }
    if (!started) {
      started = true;
      firstUp.run();
    }
    backoff.reset();
    trying.set(false);
    if (clients.stream().allMatch(BrokerClient::isConnected)) {
      up = true;
      state = "connected";
      log.info("The link to {} is up", settings.brokerUrl());
      listeners.connected();
    } else {
      lost();
    }
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(false);
    options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setAutomaticReconnect(false);
    options.setReceiveMaximum(RECEIVE_MAXIMUM);
    options.setConnectionTimeout(CONNECT_SECONDS);
    options.setSocketFactory(sockets);
    options.setHttpsHostnameVerificationEnabled(true);
    return options;
  }

  private static String reason(MqttException failed) {
    Throwable cause = failed.getCause();
    if (cause instanceof SSLException) {
      return "TLS was refused ("
          + cause.getMessage()
          + "): broker and this process must hold certificates of the same federation, and the broker's must name its host";
    }
    if (cause != null) {
      return cause.getMessage() + "; is the broker running and the address right?";
    }
    return failed.getMessage() + " (MQTT reason " + failed.getReasonCode() + ")";
  }

  boolean isUp() {
    return up;
  }

  /** The broker's Maximum Packet Size; 0 if it named none. */
  long brokerMaxPacket() {
    return maxPacket;
  }

  StatusLine status() {
    return new StatusLine(
        "link " + settings.brokerUrl(),
        up
            ? StatusLine.State.READY
            : started ? StatusLine.State.DEGRADED : StatusLine.State.STARTING,
        up ? "connected" : state);
  }

  @Override
  public void close() {
    trying.set(true);
    up = false;
    thread.shutdownNow();
    for (BrokerClient client : clients) {
      try {
        client.disconnectForcibly(0, 500, true);
        client.close();
      } catch (MqttException gone) {
        log.debug("A client was gone already: {}", gone.getMessage());
      }
    }
  }
}
