// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.site.internal.SiteSettings.Permits;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicLong now = new AtomicLong();
  private final FakeExamples examples = new FakeExamples();
  private final Readiness readiness = new Readiness(examples, now::get, task -> Optional.empty());
  private KnownTask approved;

  @BeforeEach
  void read() throws Exception {
    approved = new KnownTask(new YamlTaskReader().read(Tasks.PRESS), Approval.APPROVED, "", false);
  }

  private Ready tell() {
    Ready ready = readiness.of(approved);
    readiness.told(approved, ready);
    return ready;
  }

  @Test
  void aChangeOfCountsIsWorthTellingAfterAWhileOnly() {
    tell();
    examples.examples = Tasks.examples(7, 3, 3);
    assertFalse(readiness.worthTelling(approved, readiness.of(approved)));
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertTrue(readiness.worthTelling(approved, readiness.of(approved)));
    tell();
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertFalse(readiness.worthTelling(approved, readiness.of(approved)));
  }

  @Test
  void havingEnoughIsWorthTellingAtOnce() {
    examples.examples = Tasks.examples(3, 0, 0);
    assertEquals(LearningState.COLLECTING, Readiness.resting(approved, tell()));
    examples.examples = Tasks.examples(4, 0, 0);
    assertTrue(readiness.worthTelling(approved, readiness.of(approved)));
    assertEquals(LearningState.READY, Readiness.resting(approved, tell()));
  }

  @Test
  void aDecisionIsWorthTellingAtOnceAndAfterAConnectEverythingIs() {
    tell();
    KnownTask declined = approved.decided(Approval.DECLINED, "no");
    Ready no = readiness.of(declined);
    assertEquals(new Ready(false, "declined by the site's owner", 0, 0, 0), no);
    assertTrue(readiness.worthTelling(declined, no));
    assertEquals(LearningState.IDLE, Readiness.resting(declined, no));
    readiness.told(declined, no);
    assertFalse(readiness.worthTelling(declined, no));
    readiness.forget();
    assertTrue(readiness.worthTelling(declined, no));
  }

  @Test
  void aTaskThatFindsWhatEachSiteAddsNeedsTheOwnersLeave() throws Exception {
    KnownTask finds = task("contribution: {of: [leave-one-out]}\n");
    Ready no = under(new Permits(true, false, true, true)).of(finds);
    assertFalse(no.willing());
    assertTrue(no.reason().startsWith("contribution.allowed = false"), no.reason());
    assertEquals(0, no.train(), "counts are not told either");
    assertTrue(under(new Permits(true, true, false, false)).of(finds).willing());
    assertTrue(under(Permits.DEFAULT).of(approved).willing(), "other tasks are not concerned");
  }

  private static KnownTask task(String more) throws Exception {
    return new KnownTask(
        new YamlTaskReader().read(Tasks.PRESS + more), Approval.APPROVED, "", false);
  }

  /** As a gate lets a site. */
  private Readiness under(Permits permits) {
    return new Readiness(examples, now::get, task -> EgressGate.against(task, permits));
  }

  @Test
  void aTaskThatWantsStatisticsNeedsAnOwnerWhoLetsThemLeave() throws Exception {
    KnownTask wants = task("normalisation: federated\n");
    Ready no = under(Permits.DEFAULT).of(wants);
    assertFalse(no.willing());
    assertEquals(
        "policy, statistics.leave = false, and the task wants count, mean and variance of each"
            + " input (normalisation: federated)",
        no.reason());
    assertEquals(0, no.train());
    assertTrue(under(Permits.DEFAULT).of(approved).willing());
    assertTrue(under(new Permits(true, false, true, true)).of(wants).willing());
  }

  @Test
  void aBadSettingIsRefusedByKeyAndValue() {
    IllegalArgumentException small =
        assertThrows(
            IllegalArgumentException.class, () -> new SiteSettings(Set.of(), 1000, 100_000));
    assertEquals(
        "org.fedwerk.site: egress.max.bytes = \"1000\" is not allowed; use 1024 or more",
        small.getMessage());
    IllegalArgumentException few =
        assertThrows(IllegalArgumentException.class, () -> new SiteSettings(Set.of(), 2000, 1));
    assertTrue(few.getMessage().contains("egress.kept"));
    for (int parts : new int[] {0, 100_001}) {
      IllegalArgumentException queue =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  new SiteSettings(
                      Set.of(),
                      131_072,
                      100_000,
                      1000,
                      16_777_216,
                      RoundHours.ALWAYS,
                      0,
                      parts,
                      Permits.DEFAULT,
                      SiteSettings.Chunks.DEFAULT));
      assertTrue(queue.getMessage().contains("predict.queue = \"" + parts + "\""));
    }
    assertEquals(
        "org.fedwerk.site: chunks.in.flight = \"0\" is not allowed; use 1 or more",
        assertThrows(IllegalArgumentException.class, () -> new SiteSettings.Chunks(0, 1000, 256))
            .getMessage());
    assertEquals(
        "org.fedwerk.site: chunks.waiting = \"100001\" is not allowed; use 100000 or less",
        assertThrows(
                IllegalArgumentException.class, () -> new SiteSettings.Chunks(16, 100_001, 256))
            .getMessage());
  }
}
