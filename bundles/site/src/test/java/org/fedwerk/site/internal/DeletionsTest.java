// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.site.DataDeletion.Deletion;
import org.fedwerk.api.site.DataDeletion.RowUse;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.DataSelection.BySerial;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.store.internal.DiskPartStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionsTest {
  private static final Digest TASK = Tasks.digest(Tasks.PRESS);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private Bench bench;
  private PartStore parts;
  private DataDeletion deletions;

  @BeforeEach
  void fill() {
    bench = new Bench(folder.resolve("site"));
    parts = new DiskPartStore(bench.storage);
    for (Example each : bench.examples.examples) {
      store(each.serial());
    }
    deletions = bench.site.deletions(parts);
    bench.start().connect();
  }

  private void store(String serial) {
    long ordinal = parts.nextOrdinal();
    Instant begin = NOON.plusSeconds(60 * ordinal);
    Part part = new Part(serial, ordinal, begin, begin.plusSeconds(60));
    parts.add(new PartData(part, Map.of(), false));
    parts.label(new LabelReport(serial, "quality", "good", "lab", begin, null));
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  /** Deletes a part, in the examples too, which the window room would see to. */
  private Deletion delete(String serial) throws RefusedException {
    Deletion done = deletions.delete(new BySerial(serial), "ann");
    bench.examples.examples =
        bench.examples.examples.stream().filter(each -> !each.serial().equals(serial)).toList();
    return done;
  }

  private String trained() {
    return bench.examples.examples.get(0).serial();
  }

  private static List<String> told(List<RowUse> uses) {
    return uses.stream()
        .map(
            use ->
                use.task()
                    + " "
                    + use.request()
                    + " "
                    + use.firstRound()
                    + "-"
                    + use.lastRound()
                    + " "
                    + use.parts())
        .sorted()
        .toList();
  }

  @Test
  void theRecordSaysWhoDeletedAndWhichModelVersionsHadReadTheRowWithoutItsName() throws Exception {
    String serial = trained();
    ModelReference model = bench.training();
    bench.raw(Kind.MANIFEST);
    bench.send(TASK, at(2, 0), plan("train", model, true, "press1"));
    bench.raw(Kind.MANIFEST);
    bench.part(serial);
    bench.predicted();
    assertTrue(Disk.holds(bench.folder, serial));
    List<String> uses = List.of("press normalise 1-1 1", "press train 1-2 1");
    Deletion preview = deletions.preview(new BySerial(serial));
    assertEquals(uses, told(preview.uses()));
    assertEquals("preview", preview.state());
    assertTrue(Disk.holds(bench.folder, serial), "a preview deletes nothing");
    assertEquals(List.of(), deletions.deletions());

    Deletion done = delete(serial);
    assertFalse(Disk.holds(bench.folder, serial));
    assertEquals("ann deleted one serial 1/1/1", summary(done));
    assertEquals(Bench.CLOCK.instant(), done.time());
    assertEquals(uses, told(done.uses()));
    assertEquals(TASK, done.uses().get(0).digest());
    assertEquals(List.of(done), deletions.deletions());
    assertEquals("", bench.site.used("press", "train").get(0).serial());
    assertEquals(java.util.Optional.empty(), bench.site.newest("press"));
    try (Bench again = bench.afterKill(folder.resolve("again"))) {
      DataDeletion back = again.site.deletions(new DiskPartStore(again.storage));
      assertEquals(List.of(done), back.deletions());
      again.start();
      assertEquals("", again.predicted().serial());
      assertFalse(Disk.holds(again.folder, serial));
    }
  }

  private static String summary(Deletion d) {
    return d.by()
        + " "
        + d.state()
        + " "
        + d.selection()
        + " "
        + d.serials()
        + "/"
        + d.parts()
        + "/"
        + d.labels();
  }

  @Test
  void aPhaseThatWorksOnADeletedRowLeavesTheAttemptAndNothingOfItLeaves() throws Exception {
    CompletableFuture<Void> held = bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    delete(trained());
    held.complete(null);
    Body.Leave leave = bench.next(Body.Leave.class, Kind.LEAVE);
    assertTrue(leave.reason().contains("a part that this phase began with is gone"));
    bench.send(TASK, new Position(1, 1, 2, 0), plan("train", model, true, "press1"));
    Body.Manifest next = bench.next(Body.Manifest.class, Kind.MANIFEST);
    assertEquals(5, next.weight(), "the next attempt reads what is left");
  }

  @Test
  void timeAndLabelSourceAreOnRecordInWords() throws Exception {
    Deletion span = deletions.delete(new DataSelection.ByTime(NOON, NOON.plusSeconds(120)), "ann");
    assertEquals(
        "ann deleted parts that began from 2026-01-01T12:00:00Z before 2026-01-01T12:02:00Z 2/2/2",
        summary(span));
    Deletion source = deletions.delete(new DataSelection.ByLabelSource("lab"), "bob");
    assertEquals("bob deleted parts with a label of source lab 10/10/10", summary(source));
    assertEquals(List.of(source, span), deletions.deletions());
    assertThrows(
        RefusedException.class, () -> deletions.preview(new DataSelection.ByLabelSource("lab")));
  }

  @Test
  void whatIsNotKeptOrStillInTheMachineIsRefused() {
    assertRefused("nothing that is kept", "nobody");
    bench.examples.open = trained();
    assertRefused("is in the machine", trained());
    assertEquals(List.of(), deletions.deletions());
  }

  private void assertRefused(String why, String serial) {
    String message =
        assertThrows(RefusedException.class, () -> deletions.delete(new BySerial(serial), "ann"))
            .getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void aDeletionThatAKillInterruptedIsEndedOrOnRecordAsNotBegun() throws Exception {
    String serial = trained();
    bench.training();
    bench.raw(Kind.MANIFEST);
    Deletion preview = deletions.preview(new BySerial(serial));
    // Killed before the store began.
    bench.site.state().deletions().begin(preview, parts.deletions());
    try (Bench again = bench.afterKill(folder.resolve("one"))) {
      DataDeletion back = again.site.deletions(new DiskPartStore(again.storage));
      assertEquals("not begun", back.deletions().get(0).state());
      assertTrue(Disk.holds(again.folder, serial));
      assertEquals("deleted", back.delete(new BySerial(serial), "ann").state());
      assertFalse(Disk.holds(again.folder, serial));
    }
    // Killed after the store had ended, before the site's own books.
    parts.delete(java.util.Set.of(serial));
    assertTrue(Disk.holds(bench.folder, serial));
    try (Bench again = bench.afterKill(folder.resolve("two"))) {
      DataDeletion back = again.site.deletions(new DiskPartStore(again.storage));
      assertFalse(Disk.holds(again.folder, serial));
      assertEquals("deleted", back.deletions().get(0).state());
      assertEquals(preview.uses(), back.deletions().get(0).uses());
    }
    // Killed when it was on record what had read it, and some of the names were gone.
    bench.site.state().deletions().account(1, preview.uses());
    bench.site.state().manifests().forget();
    try (Bench again = bench.afterKill(folder.resolve("three"))) {
      DataDeletion back = again.site.deletions(new DiskPartStore(again.storage));
      assertEquals("deleted", back.deletions().get(0).state());
      assertEquals(preview.uses(), back.deletions().get(0).uses());
    }
  }
}
