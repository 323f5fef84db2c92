// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Free loopback ports, none given twice by one process. */
public final class Ports {
  /**
   * Below the ports that Linux gives to whoever asks for any: a port may wait long for its user,
   * and every process that starts meanwhile opens a few sockets on ports of that kind.
   */
  private static final int FROM = 10_000;

  private static final int BELOW = 32_768;
  private static final int MOST_ATTEMPTS = 1_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** A port that nobody listens on just now. */
  public static synchronized int free() {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FROM, BELOW);
      if (!GIVEN.contains(port) && isFree(port)) {
        GIVEN.add(port);
        return port;
      }
    }
    throw new IllegalStateException("no free port on loopback in " + MOST_ATTEMPTS + " attempts");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
