// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Served;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site deploys in a task whose models are promoted, and what it tells of them. */
class AssignmentTest {
  private static final String GATED = Tasks.PRESS + "promotion: {by: person}\n";
  private static final Digest TASK = Tasks.digest(GATED);

  @TempDir Path folder;
  private Bench bench;
  private ModelReference first;
  private ModelReference second;

  @BeforeEach
  void deployOne() throws Exception {
    bench = new Bench(folder.resolve("site")).start().connect();
    bench.approved(GATED);
    first = bench.model(TASK, 1, 1);
    second = bench.model(TASK, 2, 2);
    assign(5, first);
    bench.serve();
    await(() -> runs(first));
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private void assign(long revision, ModelReference model) {
    bench.send(TASK, Position.NONE, new Body.Assignment(revision, Optional.of(model)));
  }

  private void assignSecond() throws Exception {
    assign(6, second);
    bench.serve();
    await(() -> runs(second));
  }

  private boolean runs(ModelReference model) {
    return bench.view("press").deployed().filter(model.digest()::equals).isPresent();
  }

  /** The next word of what runs that has a model as the active one. */
  private Body.Running told(ModelReference active) throws Exception {
    while (true) {
      Body.Running running = bench.next(Body.Running.class, Kind.RUNNING);
      if (!running.served().isEmpty() && running.served().get(0).model().equals(active.digest())) {
        return running;
      }
    }
  }

  @Test
  void plansDeployNothingAndAnAssignmentDoesAndIsTold() throws Exception {
    Body.Running running = told(first);
    assertEquals(5, running.revision());
    assertTrue(running.served().get(0).active());
    ModelReference other = bench.model(TASK, 3, 3);
    bench.send(TASK, at(3, 0), plan("train", other, false, "press2"));
    bench.part("one");
    assertEquals(first.digest(), bench.predicted().digest());
    assertTrue(runs(first));
  }

  @Test
  void goingBackNeedsNoFetchAndTakesNoTimeAndMissesNoPart() throws Exception {
    assignSecond();
    bench.part("with second");
    assertEquals(second.digest(), bench.predicted().digest());
    told(second);
    long asked = System.nanoTime();
    assign(7, first);
    await(() -> runs(first));
    bench.part("with first");
    assertEquals(first.digest(), bench.predicted().digest());
    double seconds = (System.nanoTime() - asked) / 1e9;
    assertTrue(seconds < 1, "it took " + seconds + " s");
    Body.Running running = told(first);
    assertEquals(7, running.revision());
    assertEquals(second.digest(), running.served().get(1).model());
    assertFalse(running.served().get(1).active());
  }

  @Test
  void anOlderAssignmentThatComesLateChangesNothing() throws Exception {
    assignSecond();
    assign(5, first);
    assign(8, second);
    assertEquals(8, awaitRevision(8).revision());
    assertTrue(runs(second));
  }

  private Body.Running awaitRevision(long revision) throws Exception {
    while (true) {
      Body.Running running = bench.next(Body.Running.class, Kind.RUNNING);
      if (running.revision() >= revision) {
        return running;
      }
    }
  }

  @Test
  void whatAPersonHoldsStaysAndIsToldAsHeld() throws Exception {
    bench.site.pin("press", null, "ann");
    assign(6, second);
    Served held = awaitRevision(6).served().get(0);
    assertEquals(first.digest(), held.model());
    assertTrue(held.held());
    assertTrue(runs(first));
    bench.site.release("press", "ann");
    bench.next(Kind.SYNC);
    assignSecond();
  }

  @Test
  void anAssignmentOfNoModelEndsTheDeploymentAlsoOverARestart() throws Exception {
    bench.send(TASK, Position.NONE, new Body.Assignment(6, Optional.empty()));
    await(() -> bench.view("press").deployed().isEmpty());
    assertEquals(List.of(), awaitRevision(6).served());
    bench.part("nobody predicts it");
    try (Bench again = bench.afterKill(folder.resolve("again")).start()) {
      assertEquals(Optional.empty(), again.view("press").deployed());
    }
    assertTrue(bench.predictions.isEmpty());
  }

  @Test
  void alarmsAreToldOverEnoughPredictionsOnlyAndLatencyWithThem() throws Exception {
    bench.part("one");
    bench.predicted();
    bench.site.pin("press", null, "ann"); // a change, so it is told at once
    Served one = told(first).served().get(0);
    while (one.predictions() == 0) {
      one = told(first).served().get(0);
    }
    assertEquals(1, one.predictions());
    assertEquals(Optional.empty(), one.metric(Served.ALARM_RATE));
    Metric latency = one.metric(Served.LATENCY_P99).orElseThrow();
    assertTrue(latency.value() > 0 && latency.value() < Bench.PATIENCE_SECONDS);
    bench.part("two");
    bench.predicted();
    Served two = one;
    while (two.predictions() < 2) {
      two = told(first).served().get(0);
    }
    assertEquals(2, two.metric(Served.ALARM_RATE).orElseThrow().count());
  }

  @Test
  void aTaskThatIsNotApprovedDeploysNothingAndTellsNothing() throws Exception {
    String other = Tasks.yaml("other", 1) + "promotion: {by: person}\n";
    bench.offer(other);
    await(() -> bench.site.tasks().size() == 2);
    Digest task = Tasks.digest(other);
    ModelReference model = bench.model(task, 1, 4);
    bench.send(task, Position.NONE, new Body.Assignment(3, Optional.of(model)));
    assignSecond();
    assertEquals(Optional.empty(), bench.view("other").deployed());
    assertTrue(
        bench.site.egress(1000).stream()
            .noneMatch(passage -> passage.kind().equals("running") && !passage.passed()));
  }
}
