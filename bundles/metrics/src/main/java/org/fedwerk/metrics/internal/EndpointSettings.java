// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the endpoint listens and who may read.
 *
 * @param address where; port 0 for no endpoint
 * @param user who may read; empty for everybody
 * @param password the user's; shown nowhere
 * @param requestsMost most requests that wait
 */
record EndpointSettings(InetSocketAddress address, String user, String password, int requestsMost) {
  static final String PID = "org.fedwerk.metrics";

  private static final int MOST_REQUESTS = 1000;

  /**
   * Reads a configuration.
   *
   * @throws IllegalArgumentException naming key, value and what is allowed
   */
  static EndpointSettings of(Config config) {
    require(
        config.port() >= 0 && config.port() <= 65_535, "port", config.port(), "0 (none) to 65535");
    InetAddress host;
    try {
      host = InetAddress.getByName(config.host());
    } catch (UnknownHostException unknown) {
      throw refused("host", config.host(), "a name or address of this machine");
    }
    require(
        config.user().isEmpty() == config.password_file().isEmpty(),
        "user",
        config.user(),
        "a user together with password.file, or neither");
    require(
        config.port() == 0 || host.isLoopbackAddress() || !config.user().isEmpty(),
        "host",
        config.host(),
        "127.0.0.1, or any address with user and password.file");
    require(
        config.requests_max() >= 1 && config.requests_max() <= MOST_REQUESTS,
        "requests.max",
        config.requests_max(),
        "1 to " + MOST_REQUESTS);
    return new EndpointSettings(
        new InetSocketAddress(host, config.port()),
        config.user(),
        config.user().isEmpty() ? "" : firstLine(config.password_file()),
        config.requests_max());
  }

  private static String firstLine(String file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of(file));
    } catch (IOException unreadable) {
      throw refused("password.file", file, "a file that this process can read");
    }
    require(
        !lines.isEmpty() && !lines.get(0).isBlank(),
        "password.file",
        file,
        "a file whose first line is the password");
    return lines.get(0);
  }

  private static void require(boolean right, String key, Object value, String allowed) {
    if (!right) {
      throw refused(key, value, allowed);
    }
  }

  private static IllegalArgumentException refused(String key, Object value, String allowed) {
    return new IllegalArgumentException(
        PID + ": " + key + " = " + value + " is not allowed; allowed is " + allowed);
  }

  @Override
  public String toString() {
    return "EndpointSettings[" + address + ", user=" + user + "]";
  }
}
