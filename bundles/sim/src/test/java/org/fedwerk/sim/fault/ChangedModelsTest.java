// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What travels down where a task's models do so as coded changes. */
@Timeout(120)
class ChangedModelsTest {
  private static final int MODEL_CHUNK = Float.BYTES * Bench.RANGE_ELEMENTS;
  private static final int ROUNDS = 6;
  private static final Duration LIMIT = Duration.ofHours(1);

  private final VirtualFederation federation =
      new VirtualFederation(VirtualFederation.Setup.plain());
  private final Map<String, List<Integer>> chunks = new TreeMap<>();

  private void submit(String compression) {
    federation
        .network()
        .observe(
            (from, address, payload) -> {
              if (address.kind() == Kind.CHUNK && address.branch() == Address.Branch.TO) {
                chunks
                    .computeIfAbsent(String.valueOf(address.site()), site -> new ArrayList<>())
                    .add(payload.length);
              }
            });
    federation.start();
    String rounds = "max: 6, least: 6, patience: 9, cohort-least: 2, quorum: 2, stall: 10s";
    federation.submit(Bench.task(1, rounds, compression));
  }

  private void run(BooleanSupplier until) {
    assertTrue(federation.run(LIMIT, until), federation.tasks() + " " + federation.sites());
  }

  private int rounds() {
    return federation.tasks().stream().mapToInt(task -> task.rounds().size()).sum();
  }

  /** Chunks of models themselves; the model has 23 values in ranges of 8, 8 and 7. */
  private long whole(String site) {
    return chunks.getOrDefault(site, List.of()).stream()
        .filter(size -> size == MODEL_CHUNK || size == MODEL_CHUNK - Float.BYTES)
        .count();
  }

  @Test
  void noSiteThatFollowsGetsAModelAsItIs() {
    submit("compression: {down: {values: top-k, share: 0.3, precision: int8}}\n");
    run(() -> rounds() == ROUNDS);
    for (String site : federation.sites().keySet()) {
      assertEquals(3 * ROUNDS, chunks.get(site).size(), site + " got " + chunks.get(site));
      assertEquals(0, whole(site), site + " got " + chunks.get(site));
    }
  }

  @Test
  void aSiteThatComesLateGetsOneModelAsItIsAndGoesOnWithChanges() {
    federation.network().cut("c", true);
    submit("compression: {down: {values: top-k, share: 0.3, precision: int8}}\n");
    run(() -> rounds() == 2);
    assertEquals(0, chunks.getOrDefault("c", List.of()).size());
    federation.network().cut("c", false);
    run(() -> rounds() == ROUNDS);
    assertEquals(3, whole("c"), "one model of three chunks, " + chunks.get("c"));
    assertTrue(chunks.get("c").size() > 3, "and changes, " + chunks.get("c"));
    assertEquals(0, whole("a") + whole("b"));
  }
}
