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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ModelChange;
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
  private final List<ModelReference> listed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private Duration patience = Duration.ofSeconds(2);
  private Disk disk;
  private ModelFetch fetch;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
    fetch =
        new ModelFetch(
            disk.blobs(), now::get, () -> patience, (task, list) -> asked.add(List.copyOf(list)));
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

  /** Counts what becomes ready, by an amount of its own. */
  private ModelFetch.Arrival counting(int amount) {
    return new ModelFetch.Arrival() {
      @Override
      public void listed(ModelReference model) {
        listed.add(model);
      }

      @Override
      public void ready(ModelReference model) {
        ready.addAndGet(amount);
      }

      @Override
      public void refused(String why) {
        refused.add(why);
      }
    };
  }

  /** The same model as a plan names it, where its chunks have a list of their own. */
  private static ModelReference named(ModelReference model) {
    Section read = model.parameters();
    return model.with(
        Section.unread(read.name(), read.encoding(), read.disclosure(), read.list().orElseThrow()));
  }

  private boolean deliver(int i) {
    return fetch.deliver(bytes(i), task -> {});
  }

  @Test
  void onlyWhatIsMissingIsAskedForAndReadyComesOnceAllIsHere() {
    disk.blobs().put(bytes(1));
    fetch.want(TASK, model(0, 3), ModelFetch.Origin.NONE, counting(1));
    assertEquals(List.of(List.of(Digest.of(bytes(0)), Digest.of(bytes(2)))), asked);
    assertEquals(2, fetch.missing(TASK));
    assertTrue(deliver(2));
    assertEquals(0, ready.get());
    assertTrue(deliver(0));
    assertEquals(1, ready.get());
    assertFalse(deliver(0), "it was asked for once");
    assertTrue(disk.blobs().has(Digest.of(bytes(2))));
  }

  /** Makes chunk i of change chunk 100 + i, if that is sound. */
  private final class Making implements ModelFetch.Origin {
    private final boolean sound;

    Making(boolean sound) {
      this.sound = sound;
    }

    @Override
    public void begin(ModelReference model) {}

    @Override
    public Optional<Section> change(ModelReference model) {
      return model.change().map(ModelChange::values);
    }

    @Override
    public void apply(ModelReference model) {
      for (int i = 0; i < model.parameters().count(); i++) {
        byte[] change =
            disk.blobs()
                .get(model.change().orElseThrow().values().chunks().get(i).digest())
                .orElse(new byte[0]);
        if (sound && change.length > 0) {
          disk.blobs().put(bytes(ByteBuffer.wrap(change).getInt() - 100));
        }
      }
    }
  }

  private static ModelReference changed(int from, int to) {
    Section values = model(100 + from, 100 + to).parameters();
    return model(from, to).with(Optional.of(new ModelChange(Tasks.digest("before"), values)));
  }

  @Test
  void aModelIsMadeOfItsChangeOfWhichOnlyWhatIsNeededIsAskedFor() {
    disk.blobs().put(bytes(1));
    fetch.want(TASK, changed(0, 3), new Making(true), counting(1));
    assertEquals(List.of(List.of(Digest.of(bytes(100)), Digest.of(bytes(102)))), asked);
    assertTrue(fetch.needs(Digest.of(bytes(100))));
    assertTrue(deliver(100));
    assertTrue(deliver(102));
    assertEquals(1, ready.get());
    assertEquals(1, asked.size(), "no chunk of the model itself was fetched");
    assertTrue(disk.blobs().has(Digest.of(bytes(2))));
  }

  @Test
  void whereAChangeIsOfNoUseTheModelIsFetched() {
    fetch.want(TASK, changed(0, 2), new Making(false), counting(1));
    assertTrue(deliver(100));
    assertTrue(deliver(101));
    assertEquals(List.of(Digest.of(bytes(0)), Digest.of(bytes(1))), asked.get(1));
    assertTrue(deliver(0));
    assertTrue(deliver(1));
    assertEquals(1, ready.get());
  }

  @Test
  void aChangeWithAListOfChunksIsReadFirstAndAMalformedOneIsPassedOver() {
    ModelReference model = changed(0, 70);
    Section values = model.change().orElseThrow().values();
    model.parameters().writeList().forEach(disk.blobs()::put);
    Section unread =
        Section.unread(
            values.name(), values.encoding(), values.disclosure(), values.list().orElseThrow());
    fetch.want(TASK, model.withChange(unread), new Making(true), counting(1));
    assertEquals(values.pieces().subList(0, ModelFetch.WINDOW), asked.get(0));
    values.writeList().forEach(piece -> fetch.deliver(piece, task -> {}));
    for (int i = 100; i < 170; i++) {
      assertTrue(deliver(i));
    }
    assertEquals(1, ready.get());
    assertTrue(listed.get(0).change().orElseThrow().values().isRead(), "its chunks are noted");

    ModelReference other = changed(200, 270);
    other.parameters().writeList().forEach(disk.blobs()::put);
    byte[] noList = {1, 2, 3};
    ChunkList broken = new ChunkList(70, 70, List.of(Digest.of(noList)));
    Section malformed =
        Section.unread(values.name(), values.encoding(), values.disclosure(), broken);
    fetch.want(OTHER, other.withChange(malformed), new Making(true), counting(10));
    fetch.deliver(noList, task -> {});
    for (int i = 200; i < 270; i++) {
      assertTrue(deliver(i));
    }
    assertEquals(11, ready.get());
  }

  @Test
  void aModelThatIsHereIsReadyAtOnce() {
    disk.blobs().put(bytes(0));
    fetch.want(TASK, model(0, 1), ModelFetch.Origin.NONE, counting(1));
    assertEquals(1, ready.get());
    assertEquals(List.of(), asked);
  }

  @Test
  void whatNobodyAskedForIsNotKept() {
    assertFalse(deliver(5));
    assertFalse(disk.blobs().has(Digest.of(bytes(5))));
  }

  @Test
  void whereACourierNeedsHoursItIsAskedForAgainAfterHours() {
    patience = Duration.ofHours(8);
    fetch.want(TASK, model(0, 2), ModelFetch.Origin.NONE, counting(1));
    now.addAndGet(Duration.ofHours(7).toNanos());
    fetch.tick();
    assertEquals(1, asked.size());
    now.addAndGet(Duration.ofHours(1).toNanos());
    fetch.tick();
    assertEquals(2, asked.size());
  }

  @Test
  void whatDoesNotComeIsAskedForAgainAfterTwoSeconds() {
    fetch.want(TASK, model(0, 2), ModelFetch.Origin.NONE, counting(1));
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
  void aWindowOfChunksIsAskedForAndTheNextOnesAsTheyCome() {
    fetch.want(TASK, model(0, 150), ModelFetch.Origin.NONE, counting(1));
    assertEquals(List.of(64), asked.stream().map(List::size).toList());
    for (int i = 0; i < 150; i++) {
      assertTrue(deliver(i));
    }
    assertEquals(1, ready.get());
    List<Digest> all = asked.stream().flatMap(List::stream).toList();
    assertEquals(150, all.size(), "each is asked for once");
    assertEquals(150, Set.copyOf(all).size());
  }

  @Test
  void theListComesFirstAndItsChunksAreToldBeforeOneIsAskedFor() {
    ModelReference model = model(0, 70);
    fetch.want(TASK, named(model), ModelFetch.Origin.NONE, counting(1));
    assertEquals(List.of(model.parameters().pieces().subList(0, 64)), asked);
    assertEquals(70, fetch.missing(TASK));
    List<byte[]> pieces = model.parameters().writeList();
    pieces.subList(0, 69).forEach(piece -> assertTrue(fetch.deliver(piece, task -> {})));
    assertEquals(List.of(), listed);
    asked.clear();
    assertTrue(fetch.deliver(pieces.get(69), task -> {}));
    assertEquals(List.of(model), listed);
    assertEquals(Digest.of(bytes(0)), asked.get(0).get(0));
    for (int i = 0; i < 70; i++) {
      deliver(i);
    }
    assertEquals(1, ready.get());
  }

  @Test
  void aListThatIsHereIsNotAskedForAgain() {
    ModelReference model = model(0, 70);
    model.parameters().writeList().forEach(disk.blobs()::put);
    disk.blobs().put(bytes(0));
    fetch.want(TASK, named(model), ModelFetch.Origin.NONE, counting(1));
    assertEquals(List.of(model), listed);
    assertEquals(69, fetch.missing(TASK));
    assertEquals(Digest.of(bytes(1)), asked.get(0).get(0));
  }

  @Test
  void aListOfOtherContentThanThePlanNamesIsRefused() {
    ModelReference model = model(0, 70);
    ChunkList right = model.parameters().list().orElseThrow();
    Section wrong =
        Section.unread(
            Section.PARAMETERS,
            Section.F32LE,
            Disclosure.INDIVIDUAL,
            new ChunkList(right.elements() + 1, right.chunks(), right.pieces()));
    model.parameters().writeList().forEach(disk.blobs()::put);
    fetch.want(TASK, model.with(wrong), ModelFetch.Origin.NONE, counting(1));
    assertEquals(List.of("chunk list: it names 70 chunks of 70 elements, not 70 of 71"), refused);
    assertFalse(fetch.cancel(TASK));
  }

  @Test
  void afterTheLinkCameBackTheBrokerHasTwoSecondsToDeliverWhatItKept() {
    fetch.want(TASK, model(0, 2), ModelFetch.Origin.NONE, counting(1));
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    fetch.connected();
    fetch.tick();
    assertEquals(1, asked.size());
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    fetch.tick();
    assertEquals(2, asked.size());
  }

  @Test
  void aNewerModelTakesThePlaceAndTwoTasksShareAChunk() {
    fetch.want(TASK, model(0, 2), ModelFetch.Origin.NONE, counting(100));
    fetch.want(TASK, model(1, 3), ModelFetch.Origin.NONE, counting(1));
    fetch.want(OTHER, model(1, 2), ModelFetch.Origin.NONE, counting(1));
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
    fetch.want(TASK, model(0, 2), ModelFetch.Origin.NONE, counting(1));
    assertTrue(fetch.cancel(TASK));
    assertFalse(fetch.cancel(TASK));
    assertFalse(deliver(0));
    now.addAndGet(Duration.ofSeconds(9).toNanos());
    fetch.tick();
    assertEquals(1, asked.size());
    assertEquals(0, ready.get());
  }
}
