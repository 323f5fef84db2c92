// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.broker;

/**
 * Bytes that passed an embedded broker, counted at its network side (TLS payload of MQTT packets).
 */
public interface BrokerTraffic {
  /** The instance's name. */
  String name();

  /** Port it listens on. */
  int port();

  /** Clients connected now. */
  int clients();

  /** Bytes received from clients since start. */
  long bytesIn();

  /** Bytes sent to clients since start. */
  long bytesOut();
}
