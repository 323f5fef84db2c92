// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Section;
import org.junit.jupiter.api.Test;

class CoordinationRunTest {
  private static final String THREE_ROUNDS = "press 3 3";

  @Test
  void aTaskRunsToItsEndAndEverySiteHasTheBestModel() throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit(THREE_ROUNDS);
    bench.settle();

    assertEquals("finished", bench.facts().run().state());
    List<RoundRecord> rounds = bench.facts().rounds();
    assertEquals(
        List.of("train", "train", "train", "final"),
        rounds.stream().map(RoundRecord::protocol).toList());
    assertEquals(
        List.of(0, 1, 2, 3), bench.facts().models().stream().map(m -> m.version()).toList());
    assertEquals(0.515, rounds.get(2).metrics().get("validation.accuracy"), 1e-12);
    assertEquals(0.515, rounds.get(3).metrics().get("test.accuracy"), 1e-12);
    assertEquals(600, rounds.get(3).metrics().get("test.examples"));
    assertEquals(3 / 2100.0, rounds.get(0).metrics().get("train.loss"), 1e-12);
    RoundRecord first = bench.facts().history().get().get(0);
    assertEquals(Set.of("east", "north", "west"), first.evaluations().keySet());
    assertTrue(rounds.get(0).evaluations().isEmpty(), "they are read from disk when asked for");
    Digest best = bench.facts().models().get(3).digest();
    for (ScriptedSite site : bench.sites.values()) {
      assertEquals(best, site.deployed);
      assertEquals(8, site.receipts.size());
      assertTrue(site.receipts.stream().allMatch(Body.Receipt::accepted));
    }
    assertTrue(rounds.get(0).bytesUp() > 3L * 4 * Fixtures.SIZE);
    assertTrue(rounds.get(0).bytesDown() > 3L * 4 * Fixtures.SIZE);
    assertTrue(bench.refusals.counts().isEmpty(), bench.refusals.summary());
  }

  @Test
  void onlyTheNewestTwoModelsAndTheBestStayOnDisk() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 4 2");
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertTrue(
        bench.storage.blobs.size() <= 2 * 3,
        "blobs of replies or old models are left: " + bench.storage.blobs.size());
  }

  @Test
  void plansAreRetainedAndNothingElseIs() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 1 2");
    while (!bench.link.sent.isEmpty() || !bench.arriving.isEmpty() || !bench.soon.isEmpty()) {
      TestLink.Delivery next = bench.link.sent.peek();
      if (next != null) {
        boolean toAll = next.address().site() == null;
        assertEquals(toAll && next.address().kind() == Kind.PLAN, next.retained());
      }
      bench.deliverOne();
    }
    assertEquals("finished", bench.facts().run().state());
  }

  @Test
  void aRoundGoesOnWithoutASiteThatLeavesOrStalls() throws Exception {
    Bench lossy = new Bench("east", "north", "south");
    lossy.submit("press 1 3");
    until(lossy, "train");
    lossy.site("south").isMute = true;
    lossy.site("south").say(new Body.Leave(false, "power saving"));
    lossy.settle();
    RoundRecord round = lossy.facts().rounds().get(0);
    assertEquals(List.of("east", "north", "south"), round.cohort());
    assertEquals("left: power saving", round.missing().get("south"));
    assertEquals(List.of("east", "north"), lossy.facts().models().get(1).contributors());
  }

  @Test
  void aSilentSiteIsRemindedThenStalledAndNamedInTheRunHistory() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.submit("press 1 3");
    until(bench, "train");
    bench.site("south").isMute = true;
    bench.settle();
    assertEquals(Set.of("south"), bench.facts().run().waitingFor().keySet());
    bench.now += Duration.ofSeconds(15).toNanos();
    bench.desk.tick();
    assertTrue(
        bench.link.sent.stream()
            .anyMatch(
                out -> out.address().kind() == Kind.PLAN && "south".equals(out.address().site())),
        "the plan is sent again to the silent site");
    bench.settle();
    bench.pass(Duration.ofSeconds(15));
    assertEquals("finished", bench.facts().run().state());
    assertEquals("stalled", bench.facts().rounds().get(0).missing().get("south"));
  }

  @Test
  void lostChunksAreAskedForAgainAfterTwoSeconds() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.site("north").losesChunks = true;
    bench.submit("press 1 2");
    bench.settle();
    assertTrue(
        bench.facts().run().waitingFor().get("north").startsWith("sending, 0 of 2 chunks"),
        bench.facts().run().toString());
    bench.pass(Duration.ofMillis(1999));
    assertEquals("running", bench.facts().run().state());
    bench.pass(Duration.ofMillis(1));
    assertEquals("finished", bench.facts().run().state());
  }

  @Test
  void aFetchNamesTheNewestMessageThatWasHeardOfTheSite() throws Exception {
    Bench bench = new Bench("east", "north");
    ScriptedSite north = bench.site("north");
    north.losesChunks = true;
    bench.submit("press 1 2");
    bench.settle();
    assertEquals(List.of(north.said()), north.fetchesAnswered);
    north.say(new Body.Progress("sending", 2, 2));
    bench.settle();
    bench.pass(Duration.ofSeconds(2));
    assertEquals("finished", bench.facts().run().state());
    assertEquals(north.fetchesAnswered.get(0) + 1, north.fetchesAnswered.get(1));
  }

  @Test
  void theSameReplyIsTakenOnceAndAnotherOneIsRefusedCountedAndAudited() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.submit("press 1 3");
    until(bench, "train");
    bench.site("south").isMute = true;
    bench.settle();
    ScriptedSite east = bench.site("east");
    Body.Manifest first = east.outbox.get("1/1/0");
    east.receipts.clear();
    east.say(first);
    bench.settle();
    assertEquals(1, east.receipts.size());
    assertTrue(east.receipts.get(0).accepted());

    Body.Manifest other = manifest(first.base(), first.sections(), 601);
    east.say(other);
    bench.settle();
    assertFalse(east.receipts.get(1).accepted());
    assertEquals(1, bench.refusals.counts().get("another reply to this phase counts already"));
    assertEquals(1, bench.storage.journal("coordinator/audit").last());

    bench.pass(Duration.ofSeconds(30));
    assertEquals(List.of(600.0, 700.0), bench.facts().models().get(1).weights());
  }

  @Test
  void repliesThatDoNotFitThePlanAreRefusedWithTheReason() throws Exception {
    Bench bench = new Bench("east", "north", "south", "west");
    bench.submit("press 1 4");
    ScriptedSite east = bench.site("east");
    while (!east.outbox.containsKey("1/1/0")) {
      bench.deliverOne();
    }
    Digest base = east.plans.get(0).model().digest();
    Section good = east.outbox.get("1/1/0").sections().get(0);
    bench.arriving.clear();
    bench.link.sent.clear();

    east.say(manifest(Digest.of(new byte[1]), List.of(good), 600));
    Chunk whole = new Chunk(0, 10, 40, Digest.of(new byte[2]));
    Section oneRange =
        new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, List.of(whole));
    east.say(manifest(base, List.of(oneRange), 600));
    east.say(manifest(base, List.of(), 600));
    east.say(manifest(base, List.of(good), 0));
    bench.settle();

    assertEquals(4, bench.refusals.counts().get("reply does not fit the plan"));
    List<String> reasons = east.receipts.stream().map(Body.Receipt::reason).toList();
    assertTrue(reasons.get(0).contains("is not the plan's model"), reasons.get(0));
    assertTrue(reasons.get(1).contains("ranges are not the plan's"), reasons.get(1));
    assertTrue(reasons.get(2).contains("expected one section delta"), reasons.get(2));
    assertTrue(reasons.get(3).contains("weight"), reasons.get(3));
    assertFalse(bench.facts().run().waitingFor().containsKey("east"), "it is not waited for");
  }

  @Test
  void anUpdateWithANumberThatIsNotFiniteNeverReachesTheModel() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.site("north").poison = Float.NaN;
    bench.submit("press 1 3");
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertEquals(List.of("east", "south"), bench.facts().models().get(1).contributors());
    assertTrue(bench.facts().rounds().get(0).missing().get("north").contains("not finite"));
  }

  @Test
  void forgedMessagesAndChunksNobodyAskedForAreCountedAndChangeNothing() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 1 2");
    bench.desk.received(address(bench, "east", Kind.READY), new byte[] {1, 2, 3});
    bench.desk.received(address(bench, "east", Kind.CHUNK), new byte[] {1, 2, 3});
    assertEquals(1, bench.refusals.counts().get("ready not opened: signature"));
    assertEquals(1, bench.refusals.counts().get("chunk that nobody asked for"));
    assertFalse(bench.storage.blobs.containsKey(Digest.of(new byte[] {1, 2, 3})));
  }

  @Test
  void aSiteMayFetchModelsButNotTheUpdatesOfOthers() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.submit("press 1 3");
    until(bench, "train");
    bench.site("south").isMute = true;
    bench.settle();
    Digest update =
        bench.site("east").outbox.get("1/1/0").sections().get(0).chunks().get(0).digest();
    assertTrue(bench.storage.blobs.containsKey(update));
    bench.site("north").chunks.remove(update);
    bench.site("north").say(new Body.Fetch(List.of(update)));
    bench.settle();
    assertFalse(bench.site("north").chunks.containsKey(update));
    assertEquals(1, bench.refusals.counts().get("fetch of a chunk that is of no current model"));
  }

  @Test
  void aSiteThatComesAfterTheEndGetsTheBestModel() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.site("south").isMute = true;
    bench.submit("press 1 2");
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    bench.site("south").isMute = false;
    bench.site("south").sync();
    bench.settle();
    assertEquals(bench.facts().models().get(1).digest(), bench.site("south").deployed);
  }

  @Test
  void aStalledSiteIsBackWithALateReplyAlone() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 1 2");
    ScriptedSite north = bench.site("north");
    while (!north.outbox.containsKey("1/1/0")) {
      bench.deliverOne();
    }
    bench.arriving.clear();
    north.isMute = true;
    bench.settle();
    bench.pass(Duration.ofMinutes(10));
    assertEquals("waiting for sites", bench.facts().run().state());

    north.isMute = false;
    north.say(north.outbox.get("1/1/0"));
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
    assertEquals(2, bench.facts().rounds().get(0).attempt());
  }

  @Test
  void aCutLinkBlamesNoSite() throws Exception {
    Bench bench = new Bench("east", "north", "south");
    bench.submit("press 1 3");
    until(bench, "train");
    bench.sites.values().forEach(site -> site.isMute = true);
    bench.settle();
    bench.link.isUp = false;
    bench.pass(Duration.ofMinutes(10));
    bench.link.isUp = true;
    bench.sites.values().forEach(site -> site.isMute = false);
    bench.pass(Duration.ofSeconds(1));
    assertEquals("finished", bench.facts().run().state());
    assertTrue(bench.facts().rounds().get(0).missing().isEmpty());
  }

  @Test
  void aFullDiskStopsTheTaskAndItGoesOnWhenThereIsRoomAgain() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 1 2");
    until(bench, "train");
    bench.storage.isFull = true;
    bench.settle();
    assertTrue(bench.facts().status().detail().contains("no space left"));
    bench.storage.isFull = false;
    bench.pass(Duration.ofSeconds(1));
    bench.sites.values().forEach(ScriptedSite::sync);
    bench.settle();
    assertEquals("finished", bench.facts().run().state());
  }

  /** Delivers until a phase is open and nothing of it is answered. */
  private static void until(Bench bench, String phase) throws Exception {
    while (!bench.facts().run().phase().equals(phase)) {
      assertTrue(bench.deliverOne(), "phase " + phase + " never came");
    }
    while (bench.link.sent.stream().anyMatch(out -> out.address().kind() == Kind.PLAN)) {
      bench.deliverOne();
    }
  }

  private static Body.Manifest manifest(Digest base, List<Section> sections, double weight) {
    return new Body.Manifest(
        base,
        sections,
        weight,
        Disclosure.INDIVIDUAL,
        List.of(),
        java.util.Optional.empty(),
        0,
        null);
  }

  private static org.fedwerk.api.link.Address address(Bench bench, String site, Kind kind) {
    assertNotNull(bench.task);
    return new org.fedwerk.api.link.Address(
        Fixtures.FEDERATION,
        org.fedwerk.api.link.Address.Branch.FROM,
        site,
        kind,
        bench.task.brief());
  }
}
