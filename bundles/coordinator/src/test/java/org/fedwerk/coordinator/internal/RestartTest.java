// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.model.ModelVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartTest {
  private static List<Digest> undisturbed(String task) throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit(task);
    bench.settle();
    return digests(bench);
  }

  private static List<Digest> digests(Bench bench) {
    assertEquals("finished", bench.facts().run().state());
    return bench.facts().models().stream().map(ModelVersion::digest).toList();
  }

  @ParameterizedTest
  @CsvSource({"press 3 3, 4", "shared 2 3, 4"})
  void aKillAtEveryJournalRecordEndsInTheSameModels(String task, int rounds) throws Exception {
    List<Digest> expected = undisturbed(task);
    int kills = 0;
    for (int appends = 0; ; appends++) {
      Bench bench = new Bench("east", "north", "west");
      bench.submit(task);
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
      assertEquals(rounds, bench.facts().rounds().size());
      assertTrue(
          bench.storage.blobs.size() <= 2 * 3,
          "blobs left: " + bench.storage.blobs.size() + " after a kill before append " + appends);
    }
    assertTrue(kills > 20, "only " + kills + " points were tried");
  }

  @ParameterizedTest
  @ValueSource(strings = {"press 3 3", "shared 2 3"})
  void aKillAfterAnyMessageEndsInTheSameModels(String task) throws Exception {
    List<Digest> expected = undisturbed(task);
    for (int steps = 1; steps < 400; steps += 7) {
      Bench bench = new Bench("east", "north", "west");
      bench.submit(task);
      for (int i = 0; i < steps && bench.deliverOne(); i++) {
        assertTrue(bench.refusals.counts().isEmpty(), bench.refusals.summary());
      }
      bench.restart();
      bench.settle();
      assertEquals(expected, digests(bench), "killed after " + steps + " steps");
    }
  }
}
