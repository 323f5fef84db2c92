// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.itests.reliability.transfer.Memory;

/** The coordinator's process of the part. */
final class HubMain {
  private static final Duration LIMIT = Duration.ofHours(2);

  private HubMain() {}

  /**
   * Runs one task, once it is told to, and tells how it went.
   *
   * @param args folder, file of the task, number of sites
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    String yaml = Files.readString(Path.of(args[1]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Headquarters hub = new Headquarters(folder)) {
      System.out.println("broker " + hub.brokerPort());
      for (int site = 0; site < Integer.parseInt(args[2]); site++) {
        System.out.println("token " + hub.token(Crowd.id(site)));
      }
      in.readLine();
      System.out.println("connected-peak-mb " + Memory.peakMegabytes());
      Digest task = hub.submit(yaml);
      List<RoundRecord> rounds =
          hub.awaitEnd(task, LIMIT).stream().filter(row -> row.protocol().equals("train")).toList();
      RoundRecord last = rounds.get(rounds.size() - 1);
      Instant end = last.started().plus(last.duration());
      double seconds = Duration.between(rounds.get(0).started(), end).toMillis() / 1000.0;
      System.out.println(String.format(Locale.ROOT, "seconds %.3f", seconds / rounds.size()));
      System.out.println(
          "committed "
              + rounds.stream().map(row -> row.model().hex()).collect(Collectors.joining(" ")));
      System.out.println("short " + rounds.stream().mapToInt(row -> row.missing().size()).sum());
      System.out.println("peak-mb " + Memory.peakMegabytes());
      System.out.println("blobs " + blobs(Headquarters.store(folder)));
      hub.status().forEach(line -> System.out.println("status " + line));
      System.out.println("told ");
      in.readLine();
    }
  }

  /** Bytes of blobs that the coordinator keeps. */
  private static long blobs(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
