// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Paho's client over a network of ours, for one connection. */
final class LineClient extends MqttAsyncClient {
  private volatile NetworkModule[] lines = {};

  LineClient(String broker, String clientId) throws MqttException {
    super(broker, clientId, new MemoryPersistence());
  }

  /** What the connection will run over. */
  void over(Line line) {
    lines = new NetworkModule[] {line};
  }

  @Override
  protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
    return lines;
  }
}
