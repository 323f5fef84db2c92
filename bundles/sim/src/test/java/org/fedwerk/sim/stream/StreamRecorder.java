// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.VirtualFederation;

/**
 * Records what coordinator and sites of today's program say to each other, for {@link
 * OlderMinorTest} of programs to come. Run it before the protocol's minor grows, into a folder of
 * the old minor's name.
 */
final class StreamRecorder {
  static final String ROUNDS =
      "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 3, stall: 30m";
  private static final Duration LIMIT = Duration.ofHours(1);

  private StreamRecorder() {}

  /** Writes {@code stream.gz}, {@code task.yaml} and {@code facts.txt} into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    StreamKeys keys = new StreamKeys("sim");
    VirtualFederation federation =
        new VirtualFederation(VirtualFederation.Setup.plain(), keys::identity);
    List<RecordedStream.Said> said = new ArrayList<>();
    federation
        .network()
        .observe(
            (from, address, payload) ->
                said.add(new RecordedStream.Said(from, address, payload.clone())));
    String yaml = Bench.task(1, ROUNDS);
    federation.start();
    federation.submit(yaml);
    // A plan with a note, which came with minor 1.
    await(federation, () -> phase(federation).equals("evaluate"));
    federation.order(new Orders.Order(Orders.Kind.PAUSE, "ops", ""));
    await(federation, () -> state(federation).equals("paused"));
    federation.order(new Orders.Order(Orders.Kind.RESUME, "ops", ""));
    await(federation, () -> state(federation).equals("finished") && deployed(federation) == 1);
    try (OutputStream out = Files.newOutputStream(folder.resolve("stream.gz"))) {
      new RecordedStream(keys.publicKeys(), said).save(out);
    }
    Files.write(folder.resolve("task.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("facts.txt"), rounds(federation));
  }

  private static void await(VirtualFederation federation, BooleanSupplier until) {
    if (!federation.run(LIMIT, until)) {
      throw new IllegalStateException("it did not come so far: " + federation.tasks());
    }
  }

  private static String phase(VirtualFederation federation) {
    return federation.tasks().stream().map(task -> task.run().phase()).findFirst().orElse("");
  }

  private static String state(VirtualFederation federation) {
    return federation.tasks().stream().map(task -> task.run().state()).findFirst().orElse("");
  }

  private static long deployed(VirtualFederation federation) {
    return federation.sites().values().stream()
        .map(views -> views.get(0).deployed().map(Digest::hex).orElse("-"))
        .distinct()
        .count();
  }

  /** The committed rounds with their models, a line each. */
  static List<String> rounds(VirtualFederation federation) {
    List<String> lines = new ArrayList<>();
    for (TaskFacts task : federation.tasks()) {
      for (RoundRecord round : task.rounds()) {
        lines.add("round " + round.round() + " " + round.protocol() + " " + round.model().hex());
      }
    }
    return lines;
  }
}
