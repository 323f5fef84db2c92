// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.replies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Section;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.MemoryStorage;
import org.fedwerk.coordinator.internal.TestLink;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.round.Place;
import org.junit.jupiter.api.Test;

class ReplyDeskTest {
  private static final Place PLACE = new Place(1, 1, 0);
  private static final int SITES = 100;
  private static final int CHUNKS = 11;
  private static final long REFETCH = 1000;

  private record Asked(String site, Digest chunk) {}

  private final TestLink link = new TestLink();
  private final MemoryStorage storage = new MemoryStorage();
  private final Map<Digest, byte[]> bytes = new HashMap<>();
  private final Queue<Asked> asked = new ArrayDeque<>();
  private final ReplyDesk desk =
      new ReplyDesk(
          new BlobKeeper(storage.blobs()).holder(),
          (site, chunks) -> chunks.forEach(chunk -> asked.add(new Asked(site, chunk))),
          section -> Optional.empty(),
          new UpdateReader(cut(), 1),
          new Patience(link, Duration.ofNanos(REFETCH)));

  private static List<UpdateRange> cut() {
    RangeCodec codec = new RangeCodecs().plain();
    return IntStream.range(0, CHUNKS).mapToObj(from -> new UpdateRange(from, 1, codec)).toList();
  }

  private ReplyRecord reply(int site) {
    List<Chunk> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      byte[] value = ByteBuffer.allocate(4).putInt(site * CHUNKS + chunk).array();
      chunks.add(new Chunk(chunk, 1, value.length, Digest.of(value)));
      bytes.put(Digest.of(value), value);
    }
    Section delta = new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
    String id = String.format(java.util.Locale.ROOT, "site-%03d", site);
    return new ReplyRecord(id, List.of(delta), 1, List.of(), Optional.empty(), 0);
  }

  private void offerAll() {
    for (int site = 0; site < SITES; site++) {
      ReplyRecord record = reply(site);
      desk.offer(record, PLACE, Digest.of(record.encode()), 0);
    }
  }

  @Test
  void whatIsUnderWayDoesNotGrowWithTheNumberOfSitesAndAllOfItComes() {
    offerAll();
    Set<String> complete = new LinkedHashSet<>();
    int most = 0;
    int chunks = 0;
    while (!asked.isEmpty()) {
      most = Math.max(most, asked.size());
      Asked next = asked.remove();
      chunks++;
      if (desk.chunk(next.site(), bytes.get(next.chunk()), 1)
          instanceof ReplyDesk.Outcome.Complete) {
        complete.add(next.site());
      }
    }
    assertEquals(SITES, complete.size());
    assertEquals(SITES * CHUNKS, chunks, "nothing is asked for twice");
    assertTrue(most <= ReplyDesk.WINDOW_ALL && most > ReplyDesk.WINDOW_ALL / 2, most + " asked");
    assertEquals(
        complete.stream().sorted().toList(), List.copyOf(complete), "in the order of manifests");
  }

  @Test
  void aSiteThatDoesNotAnswerKeepsNobodyWaitingAndItsChunksStillCount() {
    offerAll();
    List<Asked> silent = List.copyOf(asked);
    asked.clear();
    Set<String> complete = new LinkedHashSet<>();
    for (long now = REFETCH; complete.size() < SITES - 11 && now < 100 * REFETCH; now += REFETCH) {
      desk.tick(now);
      while (!asked.isEmpty()) {
        Asked next = asked.remove();
        boolean speaks = silent.stream().noneMatch(one -> one.site().equals(next.site()));
        if (speaks
            && desk.chunk(next.site(), bytes.get(next.chunk()), now)
                instanceof ReplyDesk.Outcome.Complete) {
          complete.add(next.site());
        }
      }
    }
    assertEquals(SITES - 11, complete.size());
    ReplyDesk.Outcome last = new ReplyDesk.Outcome.Unasked();
    for (Asked late : silent.subList(0, CHUNKS)) {
      last = desk.chunk(late.site(), bytes.get(late.chunk()), 200 * REFETCH);
    }
    assertInstanceOf(ReplyDesk.Outcome.Complete.class, last);
  }

  @Test
  void aSiteOnASlowWayIsAskedAgainAfterAsLongAsAnAnswerTakesThere() {
    ReplyRecord slow = reply(0);
    ReplyRecord quick = reply(1);
    link.slow.put(slow.site(), Duration.ofHours(1));
    desk.offer(slow, PLACE, Digest.of(slow.encode()), 0);
    desk.offer(quick, PLACE, Digest.of(quick.encode()), 0);
    asked.clear();
    desk.tick(REFETCH);
    assertEquals(Set.of(quick.site()), sitesAsked());
    asked.clear();
    desk.tick(Duration.ofHours(1).toNanos() - 1);
    assertEquals(Set.of(), sitesAsked());
    desk.tick(Duration.ofHours(1).toNanos());
    assertEquals(Set.of(slow.site()), sitesAsked());
  }

  @Test
  void bytesThatStandForTwoRangesMustBeSoundAsBoth() {
    RangeCodec codec = new RangeCodecs().plain();
    List<UpdateRange> cut = List.of(new UpdateRange(0, 2, codec), new UpdateRange(2, 1, codec));
    ReplyDesk strict =
        new ReplyDesk(
            new BlobKeeper(storage.blobs()).holder(),
            (site, chunks) -> {},
            section -> Optional.empty(),
            new UpdateReader(cut, 2),
            new Patience(link, Duration.ofNanos(REFETCH)));
    byte[] one = new byte[4];
    List<Chunk> chunks =
        List.of(new Chunk(0, 2, 4, Digest.of(one)), new Chunk(2, 1, 4, Digest.of(one)));
    Section delta = new Section(Section.DELTA, Section.F32LE, Disclosure.INDIVIDUAL, chunks);
    ReplyRecord record = new ReplyRecord("a", List.of(delta), 1, List.of(), Optional.empty(), 0);
    strict.offer(record, PLACE, Digest.of(record.encode()), 0);
    assertInstanceOf(ReplyDesk.Outcome.Bad.class, strict.chunk("a", one, 1));
  }

  private Set<String> sitesAsked() {
    return asked.stream().map(Asked::site).collect(Collectors.toSet());
  }
}
