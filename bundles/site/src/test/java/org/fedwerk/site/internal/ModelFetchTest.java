// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFetchTest {
  private static final Digest TASK = Tasks.digest("task");
  private static final Digest OTHER = Tasks.digest("other");

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong();
  private final List<List<Digest>> asked = new ArrayList<>();
  private final AtomicInteger ready = new AtomicInteger();
  private Disk disk;
  private ModelFetch fetch;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
    fetch = new ModelFetch(disk.blobs(), now::get, (task, list) -> asked.add(List.copyOf(list)));
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private static byte[] bytes(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static ModelReference model(int from, int to) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = from; i < to; i++) {
      chunks.add(new Chunk(i - from, 1, 4, Digest.of(bytes(i))));
    }
    return new ModelReference(
        1,
        Tasks.digest("model"),
        Tasks.digest("layout"),
        new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, chunks));
  }

  private boolean deliver(int i) {
    return fetch.deliver(bytes(i), task -> {});
  }

  @Test
  void onlyWhatIsMissingIsAskedForAndReadyComesOnceAllIsHere() {
    disk.blobs().put(bytes(1));
    fetch.want(TASK, model(0, 3), ready::incrementAndGet);
    assertEquals(List.of(List.of(Digest.of(bytes(0)), Digest.of(bytes(2)))), asked);
    assertEquals(2, fetch.missing(TASK));
    assertTrue(deliver(2));
    assertEquals(0, ready.get());
    assertTrue(deliver(0));
    assertEquals(1, ready.get());
    assertFalse(deliver(0), "it was asked for once");
    assertTrue(disk.blobs().has(Digest.of(bytes(2))));
  }

  @Test
  void aModelThatIsHereIsReadyAtOnce() {
    disk.blobs().put(bytes(0));
    fetch.want(TASK, model(0, 1), ready::incrementAndGet);
    assertEquals(1, ready.get());
    assertEquals(List.of(), asked);
  }

  @Test
  void whatNobodyAskedForIsNotKept() {
    assertFalse(deliver(5));
    assertFalse(disk.blobs().has(Digest.of(bytes(5))));
  }

  @Test
  void whatDoesNotComeIsAskedForAgainAfterTwoSeconds() {
    fetch.want(TASK, model(0, 2), ready::incrementAndGet);
    deliver(0);
    now.addAndGet(Duration.ofMillis(1999).toNanos());
    fetch.tick();
    assertEquals(1, asked.size());
    now.addAndGet(Duration.ofMillis(1).toNanos());
    fetch.tick();
    assertEquals(List.of(Digest.of(bytes(1))), asked.get(1));
    fetch.tick();
    assertEquals(2, asked.size());
  }

  @Test
  void manyChunksAreAskedForInRequestsThatARecipientTakes() {
    fetch.want(TASK, model(0, 2500), ready::incrementAndGet);
    assertEquals(List.of(1000, 1000, 500), asked.stream().map(List::size).toList());
  }

  @Test
  void aNewerModelTakesThePlaceAndTwoTasksShareAChunk() {
    fetch.want(TASK, model(0, 2), () -> ready.addAndGet(100));
    fetch.want(TASK, model(1, 3), ready::incrementAndGet);
    fetch.want(OTHER, model(1, 2), ready::incrementAndGet);
    assertFalse(deliver(0));
    assertTrue(deliver(1));
    assertEquals(1, ready.get());
    assertTrue(fetch.needs(Digest.of(bytes(1))), "it belongs to a model that is still wanted");
    assertTrue(deliver(2));
    assertEquals(2, ready.get());
    assertFalse(fetch.needs(Digest.of(bytes(1))));
  }

  @Test
  void afterACancelNothingIsWanted() {
    fetch.want(TASK, model(0, 2), ready::incrementAndGet);
    assertTrue(fetch.cancel(TASK));
    assertFalse(fetch.cancel(TASK));
    assertFalse(deliver(0));
    now.addAndGet(Duration.ofSeconds(9).toNanos());
    fetch.tick();
    assertEquals(1, asked.size());
    assertEquals(0, ready.get());
  }
}
