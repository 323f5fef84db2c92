// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Tasks.PRESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.metric.Measurement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyChunksTest {
  @TempDir Path folder;
  private Bench bench;
  private Message reply;
  private List<Digest> chunks = List.of();

  @BeforeEach
  void aReplyWaitsToBeFetched() throws Exception {
    SiteSettings settings =
        SiteSettings.approving(Set.of("trusted")).withChunks(new SiteSettings.Chunks(2, 32, 256));
    bench = new Bench(folder, settings).start().connect();
    bench.training();
    reply = bench.next(Kind.MANIFEST);
    chunks = Bench.chunksOf((Body.Manifest) reply.body());
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private void ask(long heard) {
    bench.answer(Tasks.digest(PRESS), at(1, 0), heard, new Body.Fetch(chunks));
  }

  private void awaitAll() throws Exception {
    Set<Digest> came = new HashSet<>();
    for (int each = 0; each < chunks.size(); each++) {
      came.add(Digest.of(bench.raw(Kind.CHUNK)));
    }
    assertEquals(Set.copyOf(chunks), came);
  }

  /**
   * What the site says once it knows that the broker took all chunks, which it may learn after they
   * were seen here: by its second answer it does.
   */
  private long saidAfterAllWereTaken() throws Exception {
    ask(reply.header().sequence());
    awaitUnderWay();
    ask(reply.header().sequence());
    return awaitUnderWay().header().sequence();
  }

  /** What a site says instead of sending. */
  private Message awaitUnderWay() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Bench.PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      FakeLink.Sent next = bench.link.sent.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertNotNull(next, "the site said nothing");
      assertNotEquals(Kind.CHUNK, next.address().kind(), "a chunk on its way was sent again");
      if (next.address().kind() == Kind.PROGRESS) {
        return bench.open(next);
      }
    }
    return fail("the site did not say that chunks are under way");
  }

  @Test
  void whatTheBrokerTookGoesAgainOnlyWhenTheCoordinatorHeardWhatWasSaidLaterAndMissesItStill()
      throws Exception {
    ask(reply.header().sequence());
    awaitAll();
    // Asked before the chunks came, and late, as after a cut: any number of times.
    ask(reply.header().sequence());
    awaitUnderWay();
    ask(reply.header().sequence());
    Message said = awaitUnderWay();
    Body.Progress progress = (Body.Progress) said.body();
    assertEquals("sending", progress.stage());
    assertEquals(chunks.size(), progress.done());
    assertEquals(chunks.size(), progress.total());
    ask(said.header().sequence());
    awaitAll();
  }

  private double level(String measure, String queue) {
    return bench.site.measurements().stream()
        .filter(each -> each.name().equals("fedwerk.queue." + measure))
        .filter(each -> each.tags().containsValue(queue))
        .mapToDouble(Measurement::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void noMoreChunksAreAtTheLinkThanThePaceAllowsAndTheRestWaitsAndIsMeasured() throws Exception {
    bench.link.holdsChunks = true;
    ask(reply.header().sequence());
    bench.raw(Kind.CHUNK);
    bench.raw(Kind.CHUNK);
    // Whatever is said afterwards is said after the chunks that may go were handed over.
    bench.link.connect();
    bench.next(Kind.SYNC);
    assertEquals(2, level("depth", "reply-chunks-in-flight"));
    assertEquals(2, level("bound", "reply-chunks-in-flight"));
    assertEquals(chunks.size() - 2, level("depth", "reply-chunks"));
    assertEquals(32, level("bound", "reply-chunks"));
    bench.link.release();
    for (int each = 2; each < chunks.size(); each++) {
      bench.raw(Kind.CHUNK);
    }
  }

  @Test
  void whatIsOnItsWayAgainIsOnItsWay() throws Exception {
    ask(reply.header().sequence());
    awaitAll();
    long heard = saidAfterAllWereTaken();
    ask(heard);
    awaitAll();
    ask(heard);
    long later = awaitUnderWay().header().sequence();
    assertTrue(later > heard);
  }
}
