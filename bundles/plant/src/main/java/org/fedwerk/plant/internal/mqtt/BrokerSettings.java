// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.mqtt;

import java.nio.file.Path;
import org.fedwerk.plant.internal.Login;

/**
 * The plant's own MQTT broker.
 *
 * @param host name or address, as it stands in the broker's certificate
 * @param port its TLS port
 * @param ca PEM file with the certificates that its certificate must lead to
 * @param login user and password
 * @param bound labels that may wait to be sent; more hold the plant back
 */
public record BrokerSettings(String host, int port, Path ca, Login login, int bound) {
  /** The address, for status lines. */
  public String address() {
    return "ssl://" + host + ":" + port;
  }
}
