// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.site.internal.DriftBook.Asked;
import org.fedwerk.site.internal.DriftBook.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftBookTest {
  private static final Digest TASK = digest("task");

  @TempDir Path folder;
  private Disk disk;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private static Digest digest(String of) {
    return Digest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  private static Reference reference(int model) {
    return new Reference(
        TASK,
        digest("model " + model),
        List.of(new float[] {model, Float.NaN}, new float[] {0.25f, 0.75f}));
  }

  private DriftBook again() {
    disk.again();
    return new DriftBook(disk.journal());
  }

  private static void assertKept(DriftBook book, int model) {
    List<float[]> kept = book.find(TASK, digest("model " + model)).orElseThrow().variables();
    assertArrayEquals(new float[] {model, Float.NaN}, kept.get(0));
    assertArrayEquals(new float[] {0.25f, 0.75f}, kept.get(1));
  }

  @Test
  void theNewestTwoModelsAndTheRequestAreThereAfterARestart() {
    DriftBook book = new DriftBook(disk.journal());
    Asked asked =
        new Asked(
            TASK,
            digest("model 40"),
            7,
            "psi",
            List.of(new Metric(Body.Drift.SCORE, 0.5, 500, Disclosure.INDIVIDUAL)));
    book.ask(asked);
    for (int model = 1; model <= 40; model++) {
      book.keep(reference(model), 0);
      book.keep(reference(model), 0);
    }
    for (DriftBook each : List.of(book, again())) {
      assertEquals(Optional.of(asked), each.asked(TASK));
      assertKept(each, 39);
      assertKept(each, 40);
      assertTrue(each.find(TASK, digest("model 38")).isEmpty());
    }
  }

  @Test
  void whatIsForgottenIsGoneFromDiskAndMayBeTakenDownAnew() {
    DriftBook book = new DriftBook(disk.journal());
    book.keep(reference(1), 0);
    book.forget();
    book.keep(reference(1), 0);
    assertEquals(1, book.forgotten());
    for (DriftBook each : List.of(book, again())) {
      assertTrue(each.find(TASK, digest("model 1")).isEmpty());
    }
    DriftBook later = again();
    later.forget();
    later.keep(reference(1), 1);
    assertKept(again(), 1);
  }
}
