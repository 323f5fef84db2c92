// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.site.SiteAgent.EgressRecord;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.site.internal.EgressGate.Beyond;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.site.internal.SiteSettings.Permits;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressGateTest {
  private static final Digest PRESS = Tasks.digest(Tasks.PRESS);
  private static final Set<Beyond> STATISTICS = Set.of(Beyond.STATISTICS);
  private static final Set<Beyond> LABELS = Set.of(Beyond.LABELS);

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

  private static TaskBook tasks(Disk disk) {
    return new TaskBook(disk.journal(), new YamlTaskReader(), new NamedArchitectures());
  }

  @Test
  void requestsForRoundsLeaveOnlyIfTheOwnerLetsThem(@TempDir Path one, @TempDir Path two)
      throws Exception {
    TaskBook tasks = tasks(disk);
    tasks.offer(Tasks.PRESS);
    tasks.decide(PRESS, Approval.APPROVED, "ann", "");
    try (Disk own = new Disk(one);
        Disk other = new Disk(two)) {
      assertTrue(gate(tasks, own, 1000).pass(PRESS, Kind.DRIFT, "asks", 10));
      EgressGate closed =
          new EgressGate(
              other.journal(),
              Bench.CLOCK,
              1024,
              1000,
              new Permits(false, true, true, true),
              tasks);
      assertFalse(closed.pass(PRESS, Kind.DRIFT, "asks", 10));
      assertTrue(closed.newest(1).get(0).reason().startsWith("drift.requests = false"));
      assertTrue(closed.pass(PRESS, Kind.MANIFEST, "reply", 10));
    }
  }

  @Test
  void updatesForATaskThatFindsWhatEachSiteAddsLeaveOnlyIfTheOwnerLetsThem(
      @TempDir Path one, @TempDir Path two) throws Exception {
    String yaml = Tasks.PRESS + "contribution: {of: [matrix]}\n";
    Digest finds = digest(yaml);
    TaskBook tasks = tasks(disk);
    for (String each : List.of(yaml, Tasks.PRESS)) {
      tasks.offer(each);
      tasks.decide(digest(each), Approval.APPROVED, "ann", "");
    }
    try (Disk own = new Disk(one);
        Disk other = new Disk(two)) {
      EgressGate closed =
          new EgressGate(
              own.journal(), Bench.CLOCK, 1024, 1000, new Permits(true, false, true, true), tasks);
      for (Kind update : List.of(Kind.MANIFEST, Kind.CHUNK)) {
        assertFalse(closed.pass(finds, update, "reply", 10));
        assertTrue(closed.newest(1).get(0).reason().startsWith("contribution.allowed = false"));
        assertTrue(closed.pass(PRESS, update, "reply", 10));
        assertTrue(gate(tasks, other, 1000).pass(finds, update, "reply", 10));
      }
      assertTrue(closed.pass(finds, Kind.READY, "not ready", 10));
    }
  }

  @Test
  void statisticsLeaveOnlyIfTheOwnerLetsThem(@TempDir Path one, @TempDir Path two)
      throws Exception {
    TaskBook tasks = tasks(disk);
    tasks.offer(Tasks.PRESS);
    tasks.decide(PRESS, Approval.APPROVED, "ann", "");
    try (Disk own = new Disk(one);
        Disk other = new Disk(two)) {
      assertTrue(gate(tasks, own, 1000).pass(PRESS, Kind.MANIFEST, "reply", 10, STATISTICS));
      EgressGate closed =
          new EgressGate(
              other.journal(),
              Bench.CLOCK,
              1024,
              1000,
              new Permits(true, true, false, true),
              tasks);
      assertTrue(closed.pass(PRESS, Kind.MANIFEST, "reply", 10, Set.of()));
      assertFalse(closed.pass(PRESS, Kind.MANIFEST, "reply", 10, STATISTICS));
      assertEquals(
          "policy, statistics.leave = false, so count, mean and variance of no input leave",
          closed.newest(1).get(0).reason());
    }
  }

  @Test
  void nothingOfTheTrainingLabelsLeavesUnlessTheOwnerLetsIt(@TempDir Path one, @TempDir Path two)
      throws Exception {
    TaskBook tasks = tasks(disk);
    tasks.offer(Tasks.PRESS);
    tasks.decide(PRESS, Approval.APPROVED, "ann", "");
    try (Disk own = new Disk(one);
        Disk other = new Disk(two)) {
      EgressGate open = gate(tasks, own, 1000);
      assertTrue(open.tellsLabels());
      assertTrue(open.pass(PRESS, Kind.MANIFEST, "reply", 10, LABELS));
      EgressGate closed =
          new EgressGate(
              other.journal(),
              Bench.CLOCK,
              1024,
              1000,
              new Permits(true, true, true, false),
              tasks);
      assertFalse(closed.tellsLabels());
      assertTrue(closed.pass(PRESS, Kind.MANIFEST, "reply", 10, STATISTICS));
      assertFalse(closed.pass(PRESS, Kind.MANIFEST, "reply", 10, LABELS));
      assertEquals(
          "policy, labels.leave = false, so nothing of the training labels leaves",
          closed.newest(1).get(0).reason());
    }
  }

  private EgressGate gate(TaskBook tasks, Disk at, long kept) {
    return new EgressGate(
        at.journal(), Bench.CLOCK, 1024, kept, new Permits(true, true, true, true), tasks);
  }

  @Test
  void theGateRefusesWhatWasLearnedForATaskThatIsNotApprovedAndRecordsIt(@TempDir Path other)
      throws Exception {
    TaskBook tasks = tasks(disk);
    tasks.offer(Tasks.PRESS);
    try (Disk own = new Disk(other)) {
      EgressGate gate = gate(tasks, own, 1000);
      for (Kind learned : List.of(Kind.MANIFEST, Kind.CHUNK, Kind.PROGRESS, Kind.DRIFT)) {
        assertFalse(gate.pass(PRESS, learned, "x", 10), learned.word());
        assertFalse(gate.pass(digest("unknown"), learned, "x", 10), learned.word());
        assertFalse(gate.pass(null, learned, "x", 10), learned.word());
      }
      for (Kind talk : List.of(Kind.SYNC, Kind.READY, Kind.FETCH, Kind.LEAVE)) {
        assertTrue(gate.pass(PRESS, talk, "x", 10), talk.word());
      }
      for (Kind never : List.of(Kind.TASK, Kind.PLAN, Kind.RECEIPT)) {
        assertFalse(gate.pass(PRESS, never, "x", 10), never.word());
      }
      tasks.decide(PRESS, Approval.APPROVED, "ann", "");
      assertTrue(gate.pass(PRESS, Kind.MANIFEST, "reply 1/0", 1024));
      assertFalse(gate.pass(PRESS, Kind.MANIFEST, "reply 1/0", 1025));
      tasks.decide(PRESS, Approval.DECLINED, "ann", "");
      assertFalse(gate.pass(PRESS, Kind.MANIFEST, "reply 1/0", 10));

      List<EgressRecord> records = gate.newest(3);
      assertEquals(List.of(22L, 21L, 20L), records.stream().map(EgressRecord::sequence).toList());
      assertTrue(records.get(0).reason().contains("fedwerk:task-approve"));
      assertEquals(
          "1025 bytes are more than egress.max.bytes = 1024 allows", records.get(1).reason());
      assertTrue(records.get(2).passed());
      own.again();
      assertEquals(records, gate(tasks, own, 1000).newest(3));
    }
  }

  @Test
  void passagesAreKeptAtLeastAsManyAsConfiguredAndNotForEver(@TempDir Path other) throws Exception {
    TaskBook tasks = tasks(disk);
    try (Disk own = new Disk(other)) {
      EgressGate gate = gate(tasks, own, 1500);
      for (int i = 0; i < 5000; i++) {
        gate.pass(null, Kind.SYNC, "says where it stands", 100);
      }
      assertTrue(own.journal().first() > 1000 && own.journal().first() <= 3501);
      assertEquals(2000, gate.newest(10_000).size());
      own.again();
      assertEquals(5000, gate(tasks, own, 1500).newest(1).get(0).sequence());
    }
  }
}
