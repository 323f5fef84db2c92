// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Free loopback ports, none given twice by one process. */
public final class Ports {
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** A port that nobody listens on just now. */
  public static synchronized int free() {
    try {
      while (true) {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
          if (GIVEN.add(probe.getLocalPort())) {
            return probe.getLocalPort();
          }
        }
      }
    } catch (IOException none) {
      throw new UncheckedIOException("no free port on loopback", none);
    }
  }
}
