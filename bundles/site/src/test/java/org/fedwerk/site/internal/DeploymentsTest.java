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
import org.fedwerk.api.Digest;
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
    return new Deployments(disk.journal(), disk.blobs(), new NamedArchitectures(), tasks);
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
    Deployment second = before.activate(press, keep(2, vector(2)), vector(2));
    assertSame(second, before.activate(press, keep(2, vector(2)), vector(2)));
    disk.again();
    Deployment back = deployments().of(press.digest()).orElseThrow();
    assertArrayEquals(vector(2), back.vector());
    assertArrayEquals(FITTED.mean(), back.normalisation().mean());
    assertArrayEquals(FITTED.scale(), back.normalisation().scale());
    assertEquals(2, back.model().version());
    assertEquals(1, back.localRevision());
  }

  @Test
  void chunksOfTheActiveModelAreNeededAndThoseOfTheOneBeforeAreNot() {
    Deployments deployments = deployments();
    deployments.normalise(press, FITTED);
    ModelReference first = keep(1, vector(1));
    ModelReference second = keep(2, vector(2));
    deployments.activate(press, first, vector(1));
    deployments.activate(press, second, vector(2));
    Digest changed = first.parameters().chunks().get(0).digest();
    assertFalse(deployments.needs(changed));
    second.parameters().chunks().forEach(each -> assertTrue(deployments.needs(each.digest())));
    disk.again();
    assertTrue(deployments().needs(second.parameters().chunks().get(0).digest()));
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
  void manyModelsLeaveOnlyTheNewestFilesBehind() {
    Deployments deployments = deployments();
    deployments.normalise(press, FITTED);
    ModelReference one = keep(1, vector(1));
    ModelReference two = keep(2, vector(2));
    for (int i = 0; i < 1100; i++) {
      deployments.activate(press, one, vector(1));
      deployments.activate(press, two, vector(2));
    }
    assertTrue(disk.journal().first() > 500, "nothing was dropped");
    disk.again();
    assertEquals(2, deployments().of(press.digest()).orElseThrow().model().version());
  }
}
