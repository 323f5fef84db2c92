// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.net;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.fedwerk.api.Digest;
import org.fedwerk.itests.reliability.transfer.Plant;
import org.fedwerk.itests.reliability.transfer.TransferTask;
import org.fedwerk.link.internal.LinkSettings;

/** A site's process behind a network that can be disturbed; its link is configured by nobody. */
public final class NetSiteMain {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private NetSiteMain() {}

  /**
   * Takes part until it is told a model's digest, waits until that is deployed, and says so.
   *
   * @param args folder, token, port of the broker
   */
  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    LinkSettings settings = Plant.defaults(Namespaces.HUB, Integer.parseInt(args[2]));
    try (Plant plant = new Plant(Path.of(args[0]), args[1], settings, TransferTask.OWNER)) {
      plant.awaitDeployed(new Digest(in.readLine()), LIMIT);
      System.out.println("deployed " + plant.deployed().orElseThrow().hex());
      in.readLine();
    }
  }
}
