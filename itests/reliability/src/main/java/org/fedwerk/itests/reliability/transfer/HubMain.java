// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.identity.internal.Authority;

/** The coordinator's process of a transfer. */
public final class HubMain {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private HubMain() {}

  /**
   * Runs one task and tells how it went.
   *
   * @param args folder, file of the task, {@code embedded} or {@code other}
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    String yaml = Files.readString(Path.of(args[1]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Hub hub = args[2].equals("embedded") ? Hub.withBroker(folder, 24_000) : at(folder, in)) {
      System.out.println("broker " + hub.brokerPort());
      System.out.println("token " + hub.token("a"));
      hub.awaitSite("a", LIMIT);
      hub.submit(yaml);
      long begin = System.nanoTime();
      System.out.println("submitted ");
      hub.awaitPhase("evaluate", LIMIT);
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.println(String.format(Locale.ROOT, "seconds %.3f", seconds));
      List<RoundRecord> rounds = hub.awaitEnd(LIMIT);
      System.out.println("digest " + rounds.get(rounds.size() - 1).model().hex());
      System.out.println("traffic " + hub.traffic().words());
      System.out.println("peak-mb " + Memory.peakMegabytes());
      in.readLine();
    }
  }

  private static Hub at(Path folder, BufferedReader in) throws Exception {
    Authority authority = Hub.authority(folder);
    System.out.println("files " + Hub.brokerFiles(folder));
    return Hub.at(folder, authority, Integer.parseInt(in.readLine()), 24_000);
  }
}
