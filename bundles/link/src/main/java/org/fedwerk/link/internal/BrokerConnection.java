// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker, made at most once. Paho's clients can connect again, but a thread
 * that still handles a message of the old connection then blocks the new one, and would acknowledge
 * on it what came on the old.
 */
final class BrokerConnection extends MqttAsyncClient {
  private static final Logger log = LoggerFactory.getLogger(BrokerConnection.class);
  private static final long GOODBYE_MILLIS = 100;

  private final TlsLine line;

  /** Not connected yet; {@link #end} it in any case. */
  BrokerConnection(String url, String clientId, TlsSockets sockets) throws MqttException {
    super(url, clientId, new MemoryPersistence());
    URI broker = URI.create(url);
    line = new TlsLine(sockets, new Socket(), broker.getHost(), broker.getPort());
  }

  @Override
  protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
    return new NetworkModule[] {line};
  }

  /** Messages that came and are not acknowledged. */
  int unacknowledged() {
    return line.unacknowledged();
  }

  /** Ends it, or the attempt to make it, with all threads that it has. */
  void end() {
    try {
      boolean polite = isConnected();
      if (!polite) {
        line.giveUp();
      }
      disconnectForcibly(0, GOODBYE_MILLIS, polite);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (MqttException | IOException gone) {
      log.debug("Client {} was gone already: {}", getClientId(), gone.getMessage());
    }
    try {
      close(true);
    } catch (MqttException closed) {
      log.debug("Client {} was closed already: {}", getClientId(), closed.getMessage());
    }
  }
}
