// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.model.ModelVersion;
import org.junit.jupiter.api.Test;

class RestartTest {
  private static final String TASK = "press 3 3";

  private static List<Digest> undisturbed() throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit(TASK);
    bench.settle();
    return digests(bench);
  }

  private static List<Digest> digests(Bench bench) {
    assertEquals("finished", bench.facts().run().state());
    return bench.facts().models().stream().map(ModelVersion::digest).toList();
  }

  @Test
  void aKillAtEveryJournalRecordEndsInTheSameModels() throws Exception {
    List<Digest> expected = undisturbed();
    int kills = 0;
    for (int appends = 0; ; appends++) {
      Bench bench = new Bench("east", "north", "west");
      bench.submit(TASK);
      bench.storage.appendsLeft = appends;
      try {
        bench.settle();
      } catch (MemoryStorage.Killed killed) {
        kills++;
      }
      bench.storage.appendsLeft = -1;
      if (bench.facts().run().state().equals("finished")) {
        break;
      }
      bench.restart();
      bench.settle();
      assertEquals(expected, digests(bench), "killed before append " + appends);
      assertEquals(4, bench.facts().rounds().size());
      assertTrue(
          bench.storage.blobs.size() <= 2 * 3,
          "blobs left: " + bench.storage.blobs.size() + " after a kill before append " + appends);
    }
    assertTrue(kills > 20, "only " + kills + " points were tried");
  }

  @Test
  void aKillAfterAnyMessageEndsInTheSameModels() throws Exception {
    List<Digest> expected = undisturbed();
    for (int steps = 1; steps < 400; steps += 7) {
      Bench bench = new Bench("east", "north", "west");
      bench.submit(TASK);
      for (int i = 0; i < steps && bench.deliverOne(); i++) {
        assertTrue(bench.refusals.counts().isEmpty(), bench.refusals.summary());
      }
      bench.restart();
      bench.settle();
      assertEquals(expected, digests(bench), "killed after " + steps + " steps");
    }
  }
}
