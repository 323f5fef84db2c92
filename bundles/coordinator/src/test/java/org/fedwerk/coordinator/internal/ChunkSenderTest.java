// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.coordinator.internal.outgoing.ChunkSender;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.outgoing.Sequence;
import org.junit.jupiter.api.Test;

class ChunkSenderTest {
  private static final Digest TASK = Digest.of(new byte[] {1});

  /** A link whose broker answers when the test says so. */
  private static final class SlowLink implements Link {
    final List<String> sites = new ArrayList<>();
    final List<CompletableFuture<Void>> unanswered = new ArrayList<>();

    @Override
    public int maxPayload() {
      return 96 * 1024;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      sites.add(String.valueOf(address.site()));
      unanswered.add(answer);
      return answer;
    }

    @Override
    public Registration listen(LinkListener listener) {
      return () -> {};
    }

    void answer() {
      unanswered.remove(0).complete(null);
    }
  }

  private final MemoryStorage storage = new MemoryStorage();
  private final SlowLink link = new SlowLink();
  private final ChunkSender sender = sender(new ChunkSender.Pace(2, 3, 64));

  private ChunkSender sender(ChunkSender.Pace pace) {
    Outgoing outgoing =
        new Outgoing(
            link,
            new TestMessages(),
            Fixtures.IDENTITY,
            new Sequence(storage.journal("coordinator/sequence")),
            1);
    return new ChunkSender(outgoing, storage.blobs(), Runnable::run, pace);
  }

  private List<Digest> chunks(int count) {
    Blobs blobs = storage.blobs();
    List<Digest> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(blobs.put(new byte[] {(byte) i, 7}));
    }
    return chunks;
  }

  private void levels(long waiting, long inFlight) {
    assertEquals(
        List.of(
            new QueueLevel("model-chunks", waiting, 64),
            new QueueLevel("model-chunks-in-flight", inFlight, 3)),
        sender.levels());
  }

  @Test
  void noMoreChunksAreUnderWayOrWaitThanThePaceAllows() {
    levels(0, 0);
    sender.ask("east", TASK, chunks(100), bytes -> {});
    levels(62, 2);
    sender.ask("north", TASK, chunks(10), bytes -> {});
    assertEquals(List.of("east", "east", "north"), link.sites);
    levels(62, 3);
    while (!link.unanswered.isEmpty()) {
      link.answer();
      assertTrue(link.unanswered.size() <= 3, link.sites.toString());
    }
    levels(0, 0);
    assertEquals(64, link.sites.stream().filter("east"::equals).count(), "the rest is asked again");
    assertEquals(10, link.sites.stream().filter("north"::equals).count());
  }

  @Test
  void aPaceThatIsNotAllowedIsRefusedByItsKey() {
    assertEquals(
        "chunks.in.flight is 0, allowed are 1 to 1000",
        assertThrows(IllegalArgumentException.class, () -> new ChunkSender.Pace(0, 128, 2000))
            .getMessage());
    assertEquals(
        "chunks.in.flight.all is 15, allowed are 16 to 10000",
        assertThrows(IllegalArgumentException.class, () -> new ChunkSender.Pace(16, 15, 2000))
            .getMessage());
    assertEquals(
        "chunks.waiting is 63, allowed are 64 to 100000",
        assertThrows(IllegalArgumentException.class, () -> new ChunkSender.Pace(16, 128, 63))
            .getMessage());
  }
}
