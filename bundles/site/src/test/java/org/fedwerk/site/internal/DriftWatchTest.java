// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftWatchTest {
  private static final int WINDOW = 10;
  private static final String DRIFT =
      "drift: {method: ks, significance: 0.01, window: 10, windows: 2}\n";

  @TempDir Path folder;
  private final StateBoard board = new StateBoard();
  private Disk disk;
  private DriftBook book;
  private DriftWatch watch;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
    book = new DriftBook(disk.journal());
    watch = new DriftWatch(new NamedDriftDetection(), book, board);
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private static KnownTask task(String more) throws RefusedException {
    return new KnownTask(
        new YamlTaskReader().read(Tasks.PRESS + more), Approval.APPROVED, "", false);
  }

  private static Deployment deployment(KnownTask task, int version) {
    ModelReference model =
        new ModelReference(
            version,
            Digest.of(("model " + version).getBytes(StandardCharsets.UTF_8)),
            Tasks.network().layout().digest(),
            new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, List.of()));
    return new Deployment(
        task,
        Tasks.network(),
        new float[Tasks.network().layout().size()],
        new Normalisation(new float[4], new float[] {1, 1, 1, 1}),
        model,
        1,
        Double.NaN);
  }

  private void refer(Deployment deployment) {
    float[] even = new float[40];
    for (int i = 0; i < even.length; i++) {
      even[i] = i / 40f;
    }
    book.keep(
        new DriftBook.Reference(
            deployment.task().digest(), deployment.model().digest(), List.of(even, even, even)),
        book.forgotten());
  }

  private void window(Deployment deployment, float shift) {
    for (int i = 0; i < WINDOW; i++) {
      float x = i / (float) WINDOW;
      Tensor window = new Tensor(new int[] {2, 2}, new float[] {x + shift, x + shift, x, x});
      Answer answer = new Answer("good", 1 - x, List.of(1.0 - x, (double) x), 0.5);
      watch.predicted(deployment, window, answer);
    }
  }

  private String shown() {
    return board.of("press").drift();
  }

  @Test
  void driftThatLastsIsFoundAndShownWithTheSignal() throws Exception {
    KnownTask task = task(DRIFT);
    Deployment deployment = deployment(task, 1);
    Digest model = deployment.model().digest();
    refer(deployment);
    window(deployment, 0);
    assertEquals("no drift in the last 10 parts by ks", shown());
    window(deployment, 5);
    assertTrue(shown().startsWith("drift in the last 10 parts by ks: force 1.00 above "), shown());
    assertFalse(shown().contains("way"), shown());
    assertTrue(watch.lasting(task, model).isEmpty(), "one window is not two");
    window(deployment, 5);
    DriftFinding found = watch.lasting(task, model).orElseThrow();
    assertEquals(
        List.of("inputs.drifted", "inputs.most", "score"),
        found.metrics().stream().map(each -> each.name()).toList());
    assertEquals(1, found.metrics().get(0).value());
    assertEquals(WINDOW, found.metrics().get(0).count());
    watch.answer(task, "asks for rounds");
    assertTrue(shown().endsWith("; asks for rounds"), shown());
    window(deployment, 0);
    assertTrue(watch.lasting(task, model).isEmpty());
  }

  @Test
  void aWindowBeginsAnewWithEachModelAndADeletion() throws Exception {
    KnownTask task = task(DRIFT);
    Deployment first = deployment(task, 1);
    Deployment second = deployment(task, 2);
    refer(first);
    window(first, 5);
    window(first, 5);
    assertTrue(watch.lasting(task, second.model().digest()).isEmpty());
    window(second, 5);
    assertTrue(shown().startsWith("drift is not watched yet"), shown());
    refer(second);
    window(second, 5);
    assertTrue(shown().startsWith("drift in"), shown());
    book.forget();
    window(second, 5);
    assertTrue(shown().startsWith("drift is not watched yet"), shown());
    assertTrue(watch.last(task.digest()).isEmpty());
  }

  @Test
  void aTaskWithoutDriftIsNotWatched() throws Exception {
    Deployment deployment = deployment(task(""), 1);
    refer(deployment);
    window(deployment, 5);
    assertEquals("", shown());
  }

  @Test
  void aSignalIsItsMeanOverTheStepsThatAreThereAndAScoreWhatTheModelSays() throws Exception {
    Task task = task(DRIFT).task();
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {1, 3, Float.NaN, 7});
    assertArrayEquals(
        new float[] {2, 7, 0.25f},
        DriftVariables.of(
            task, task.drift(), window, new Answer("good", .75, List.of(.75, .25), .5)));
    Task inputs = task(DRIFT.replace("ks,", "ks, of: inputs,")).task();
    assertEquals(List.of("force", "way"), DriftVariables.names(inputs, inputs.drift()));
    Task scores = task(DRIFT.replace("ks,", "ks, of: scores,")).task();
    assertEquals(List.of("model score"), DriftVariables.names(scores, scores.drift()));
  }
}
