// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.net;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.itests.reliability.transfer.Hub;

/** A coordinator's process behind a network that can be disturbed in the middle of an update. */
public final class NetHubMain {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final double NANOS = 1e9;

  private NetHubMain() {}

  /**
   * Runs one round, with a stop at half of the update, and tells how it went.
   *
   * @param args folder, file of the task, elements of a chunk, chunks of the update
   */
  public static void main(String[] args) throws Exception {
    int range = Integer.parseInt(args[2]);
    long chunks = Long.parseLong(args[3]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Hub hub = Hub.withBroker(Path.of(args[0]), range, Namespaces.HUB)) {
      System.out.println("broker " + hub.brokerPort());
      System.out.println("token " + hub.token("a"));
      hub.awaitSite("a", LIMIT);
      hub.submit(Files.readString(Path.of(args[1])));
      long begin = System.nanoTime();
      hub.awaitChunk(chunks / 2, LIMIT);
      System.out.println("half ");
      in.readLine();
      long held = hub.traffic().received();
      long up = System.nanoTime();
      hub.awaitChunk(held, LIMIT);
      tell("chunk", System.nanoTime() - up);
      hub.awaitPhase("evaluate", LIMIT);
      tell("round", System.nanoTime() - begin);
      List<RoundRecord> rounds = hub.awaitEnd(LIMIT);
      System.out.println("digest " + rounds.get(rounds.size() - 1).model().hex());
      System.out.println("twice " + hub.traffic().receivedAgain());
      in.readLine();
    }
  }

  private static void tell(String what, long nanos) {
    System.out.println(String.format(Locale.ROOT, "%s %.3f", what, nanos / NANOS));
  }
}
