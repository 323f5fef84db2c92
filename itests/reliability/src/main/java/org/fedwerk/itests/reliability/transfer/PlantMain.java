// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.fedwerk.api.Digest;

/** A site's process of a transfer. */
public final class PlantMain {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private PlantMain() {}

  /**
   * Takes part until it is told a model's digest, waits until that is deployed, and tells how it
   * went.
   *
   * @param args folder, token, port of the broker
   */
  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Plant plant =
        new Plant(Path.of(args[0]), args[1], Integer.parseInt(args[2]), TransferTask.OWNER)) {
      plant.awaitDeployed(new Digest(in.readLine()), LIMIT);
      System.out.println("digest " + plant.deployed().orElseThrow().hex());
      System.out.println("traffic " + plant.traffic().words());
      System.out.println("peak-mb " + Memory.peakMegabytes());
      in.readLine();
    }
  }
}
