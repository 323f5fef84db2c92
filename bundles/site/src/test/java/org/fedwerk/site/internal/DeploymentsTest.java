// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsTest {
  private static final Normalisation FITTED =
      new Normalisation(new float[] {1, 2, 3, 4}, new float[] {1, 1, 2, 2});

  @TempDir Path folder;
  @TempDir Path tasksFolder;
  private Disk disk;
  private Disk tasksDisk;
  private TaskBook tasks;
  private KnownTask press;

  @BeforeEach
  void open() throws Exception {
    disk = new Disk(folder);
    tasksDisk = new Disk(tasksFolder);
    tasks = new TaskBook(tasksDisk.journal(), new YamlTaskReader(), new NamedArchitectures());
    press = tasks.offer(Tasks.PRESS);
  }

  @AfterEach
  void shut() {
    disk.close();
    tasksDisk.close();
  }

  private Deployments deployments() {
    return new Deployments(
        disk.journal(),
        disk.blobs(),
        new NamedArchitectures(),
        new PersonalModels(
            new PersonalBook(
                tasksDisk.personal(),
                disk.blobs(),
                new ChunkLedger(tasksDisk.chunks(), disk.blobs())),
            new NamedArchitectures()),
        tasks,
        Bench.CLOCK);
  }

  private static float[] vector(float first) {
    float[] vector = new NamedArchitectures().initial(Tasks.network(), 1);
    vector[0] = first;
    return vector;
  }

  private ModelReference keep(int version, float[] vector) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < vector.length; from += 8) {
      byte[] bytes = Float32.encode(vector, from, Math.min(8, vector.length - from));
      chunks.add(new Chunk(from, bytes.length / 4, bytes.length, disk.blobs().put(bytes)));
    }
    return new ModelReference(
        version,
        Tasks.digest("model " + version),
        Tasks.network().layout().digest(),
        new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, chunks));
  }

  @Test
  void theLastModelComesBackWithItsNormalisation() {
    Deployments before = deployments();
    assertThrows(
        IllegalStateException.class, () -> before.activate(press, keep(1, vector(1)), vector(1)));
    before.normalise(press, FITTED);
    before.activate(press, keep(1, vector(1)), vector(1));
    Deployment second = before.activate(press, keep(2, vector(2)), vector(2)).orElseThrow();
    assertSame(second, before.activate(press, keep(2, vector(2)), vector(2)).orElseThrow());
    disk.again();
    Deployment back = deployments().of(press.digest()).orElseThrow();
    assertArrayEquals(vector(2), back.vector());
    assertArrayEquals(FITTED.mean(), back.normalisation().mean());
    assertArrayEquals(FITTED.scale(), back.normalisation().scale());
    assertEquals(2, back.model().version());
    assertEquals(1, back.localRevision());
  }

  @Test
  void aModelComesBackWithTheStatisticsThatBelongToIt() throws Exception {
    List<Moments> first = List.of(new Moments(9, 0.5, 2), Moments.NONE);
    List<Moments> second = List.of(new Moments(10, -1, 3), new Moments(4, 7, 0));
    Deployments before = deployments();
    before.normalise(press, FITTED);
    before.activate(press, keep(1, vector(1)).with(first), vector(1));
    before.activate(press, keep(2, vector(2)).with(second), vector(2));
    disk.again();
    Deployments back = deployments();
    assertEquals(second, back.of(press.digest()).orElseThrow().model().statistics());
    assertEquals(first, back.rollBack(press, "ann").model().statistics());
  }

  @Test
  void chunksOfTheActiveModelAndOfTheOneBeforeAreNeededAndOlderOnesAreNot() {
    Deployments deployments = deployments();
    deployments.normalise(press, FITTED);
    List<ModelReference> models = new ArrayList<>();
    for (int version = 1; version <= 3; version++) {
      models.add(keep(version, vector(version)));
      deployments.activate(press, models.get(version - 1), vector(version));
    }
    assertKeeps(deployments, models);
    disk.again();
    assertKeeps(deployments(), models);
  }

  private static void assertKeeps(Deployments deployments, List<ModelReference> models) {
    assertFalse(deployments.needs(models.get(0).parameters().chunks().get(0).digest()));
    for (ModelReference kept : models.subList(1, 3)) {
      kept.parameters().chunks().forEach(each -> assertTrue(deployments.needs(each.digest())));
    }
  }

  @Test
  void aRollbackHoldsThePreviousModelAgainstLaterOnesAlsoAfterARestart() throws Exception {
    Deployments before = twoModels();
    Deployment first = before.rollBack(press, "ann");
    assertEquals(1, first.model().version());
    assertSame(first, before.of(press.digest()).orElseThrow());
    assertSame(first, before.activate(press, keep(3, vector(3)), vector(3)).orElseThrow());
    disk.again();
    Deployments back = deployments();
    assertEquals(1, back.of(press.digest()).orElseThrow().model().version());
    assertArrayEquals(vector(1), back.of(press.digest()).orElseThrow().vector());
    assertEquals("ann", back.pin(press).orElseThrow().by());
    back.activate(press, keep(3, vector(3)), vector(3));
    assertEquals(1, back.of(press.digest()).orElseThrow().model().version());
    assertEquals("model version 1, rolled back and pinned by ann", back.describe(press));
    assertEquals(2, back.rollBack(press, "bob").model().version(), "the other way round");
    back.release(press, "bob");
    assertEquals(Optional.empty(), back.pin(press));
    back.activate(press, keep(3, vector(3)), vector(3));
    assertEquals(3, back.of(press.digest()).orElseThrow().model().version());
    assertEquals(2, back.rollBack(press, "ann").model().version());
  }

  private Deployments twoModels() {
    Deployments deployments = deployments();
    deployments.normalise(press, FITTED);
    deployments.activate(press, keep(1, vector(1)), vector(1));
    deployments.activate(press, keep(2, vector(2)), vector(2));
    return deployments;
  }

  @Test
  void onlyWhatIsLoadedCanBePinnedAndOnlyWhatIsPinnedReleased() throws Exception {
    Deployments none = deployments();
    assertRefused("has no deployment", () -> none.rollBack(press, "ann"));
    assertRefused("has no deployment", () -> none.pin(press, null, "ann"));
    none.normalise(press, FITTED);
    none.activate(press, keep(1, vector(1)), vector(1));
    assertRefused("from before the active one", () -> none.rollBack(press, "ann"));
    none.activate(press, keep(2, vector(2)), vector(2));
    assertRefused("nobody holds", () -> none.release(press, "ann"));
    assertRefused(
        "\"7\" is not loaded here; loaded are [version 2", () -> none.pin(press, "7", "a"));
    assertEquals(2, none.pin(press, null, "ann").model().version());
    assertEquals(1, none.pin(press, "1", "ann").model().version());
    String digest = keep(2, vector(2)).digest().hex();
    assertEquals(2, none.pin(press, digest.substring(0, 6), "ann").model().version());
    assertRefused("not loaded", () -> none.pin(press, digest.substring(0, 5), "ann"));
  }

  private static void assertRefused(String why, org.junit.jupiter.api.function.Executable act) {
    String message = assertThrows(RefusedException.class, act).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void everyActIsOnRecordWithWhoAndWhen() throws Exception {
    Deployments before = twoModels();
    before.rollBack(press, "ann");
    before.release(press, "bob");
    disk.again();
    List<String> told =
        ModelViews.of(deployments().history(press.digest())).stream()
            .map(
                each ->
                    each.version() + " " + each.act() + " " + each.by() + " " + each.state().trim())
            .toList();
    assertEquals(
        List.of(
            "1 released bob active", "1 rolled back ann ", "2 deployed  previous", "1 deployed  "),
        told);
    assertEquals(
        Optional.of(Bench.CLOCK.instant()),
        ModelViews.of(deployments().history(press.digest())).get(0).time());
  }

  @Test
  void aPinnedDeploymentIsNotTakenOverByATaskSubmittedAnewUnderItsName() throws Exception {
    Deployments deployments = twoModels();
    deployments.pin(press, null, "ann");
    KnownTask anew = tasks.offer(Tasks.yaml("press", 2));
    deployments.normalise(anew, FITTED);
    assertEquals(Optional.empty(), deployments.activate(anew, keep(5, vector(5)), vector(5)));
    assertEquals(1, deployments.all().size());
    deployments.release(press, "ann");
    assertTrue(deployments.activate(anew, keep(5, vector(5)), vector(5)).isPresent());
    assertEquals(Optional.empty(), deployments.of(press.digest()));
  }

  @Test
  void withoutTheBytesOfTheLastModelTheOneBeforePredictsUnlessAPersonRejectedIt() throws Exception {
    twoModels();
    List<Chunk> lost = keep(2, vector(2)).parameters().chunks();
    disk.blobs().delete(lost.get(0).digest());
    disk.again();
    Deployments back = deployments();
    assertEquals(1, back.of(press.digest()).orElseThrow().model().version());
    disk.again();
    keep(2, vector(2));
    deployments().pin(press, "2", "ann");
    disk.blobs().delete(lost.get(0).digest());
    disk.again();
    assertEquals(Optional.empty(), deployments().of(press.digest()));
  }

  @Test
  void aModelDeployedByAnOlderProgramStands() throws Exception {
    Deployments before = deployments();
    before.normalise(press, FITTED);
    ModelReference model = keep(4, vector(4));
    StateWriter old = new StateWriter(DeploymentRecords.DEPLOYED).digest(press.digest());
    old.number(4).digest(model.digest()).digest(model.layout());
    old.list(
        model.parameters().chunks(),
        (w, c) -> w.number(c.from()).number(c.count()).number(c.bytes()).digest(c.digest()));
    disk.journal().append(old.record());
    disk.again();
    Deployments back = deployments();
    assertEquals(4, back.of(press.digest()).orElseThrow().model().version());
    assertEquals(Optional.empty(), ModelViews.of(back.history(press.digest())).get(0).time());
    back.activate(press, keep(5, vector(5)), vector(5));
    assertEquals(4, back.rollBack(press, "ann").model().version());
  }

  @Test
  void aModelWhoseChunkIsGoneIsLeftOut() {
    Deployments before = deployments();
    before.normalise(press, FITTED);
    ModelReference model = keep(1, vector(1));
    before.activate(press, model, vector(1));
    disk.blobs().delete(model.parameters().chunks().get(1).digest());
    disk.again();
    Deployments back = deployments();
    assertEquals(Optional.empty(), back.of(press.digest()));
    assertArrayEquals(FITTED.mean(), back.normalisation(press).orElseThrow().mean());
  }

  @Test
  void aChunkOfAnotherSizeThanThePlanNamesIsNoModel() {
    ModelReference model = keep(1, vector(1));
    Chunk last = model.parameters().chunks().get(2);
    List<Chunk> longer = new ArrayList<>(model.parameters().chunks());
    longer.set(2, new Chunk(last.from(), last.count() + 1, last.bytes() + 4, last.digest()));
    ModelReference wrong =
        new ModelReference(
            1,
            model.digest(),
            model.layout(),
            new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, longer));
    assertEquals(Optional.empty(), deployments().assemble(wrong));
    assertArrayEquals(vector(1), deployments().assemble(model).orElseThrow());
  }

  @Test
  void aTaskOfTheSameNameTakesThePlaceOfTheOneBeforeAlsoAfterARestart() throws Exception {
    KnownTask anew = tasks.offer(Tasks.yaml("press", 2));
    KnownTask other = tasks.offer(Tasks.yaml("other", 1));
    Deployments before = deployments();
    for (KnownTask task : List.of(press, other, anew)) {
      before.normalise(task, FITTED);
      before.activate(task, keep(1, vector(1)), vector(1));
    }
    disk.again();
    Deployments back = deployments();
    assertEquals(Optional.empty(), back.of(press.digest()));
    assertTrue(back.of(anew.digest()).isPresent() && back.of(other.digest()).isPresent());
  }

  @Test
  void manyModelsLeaveOnlyTheNewestFilesBehind() throws Exception {
    Deployments deployments = deployments();
    deployments.normalise(press, FITTED);
    ModelReference one = keep(1, vector(1));
    ModelReference two = keep(2, vector(2));
    for (int i = 0; i < 1100; i++) {
      deployments.activate(press, one, vector(1));
      deployments.activate(press, two, vector(2));
    }
    deployments.pin(press, "1", "ann");
    assertTrue(disk.journal().first() > 500, "nothing was dropped");
    disk.again();
    Deployments back = deployments();
    assertEquals(1, back.of(press.digest()).orElseThrow().model().version());
    assertEquals("ann", back.pin(press).orElseThrow().by());
    assertEquals(51, back.history(press.digest()).acts().size());
    assertEquals(2, back.rollBack(press, "ann").model().version());
  }
}
