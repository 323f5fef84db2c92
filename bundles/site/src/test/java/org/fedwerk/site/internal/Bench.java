// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Party.Role;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A site over the real store, wire, task and learn rooms, and the coordinator's end of its link for
 * a test to hold.
 */
final class Bench implements AutoCloseable, PredictionSink {
  static final int PATIENCE_SECONDS = 15;
  static final int RANGE = 8;
  static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), java.time.ZoneOffset.UTC);

  final Path folder;
  final DiskStorage storage;
  final FillingStorage disk;
  final Site site;
  final FakeLink link = new FakeLink();
  final FakeEngine engine = new FakeEngine();
  final FakeExamples examples = new FakeExamples();
  final BlockingQueue<Prediction> predictions = new LinkedBlockingQueue<>();
  final BlockingQueue<LearningState> learning = new LinkedBlockingQueue<>();

  private final Map<String, String> details = new ConcurrentHashMap<>();

  /** What the wall clock shows. */
  volatile Instant time = CLOCK.instant();

  private final SiteSettings settings;
  private final Keys keys;
  private final Identity self;
  private final Identity hq;
  private final SealedMessages sealed;
  private final SealedMessages hqSealed;
  private final Map<Digest, byte[]> chunks = new HashMap<>();
  private long sequence;

  Bench(Path folder) {
    this(folder, SiteSettings.approving(Set.of("trusted")));
  }

  /** With identities of a real federation. */
  Bench(Path folder, Identity self, Identity hq) {
    this(folder, SiteSettings.approving(Set.of("trusted")), new Keys(), self, hq);
  }

  Bench(Path folder, SiteSettings settings) {
    this(folder, settings, new Keys(), null, null);
  }

  private Bench(Path folder, SiteSettings settings, Keys keys, Identity self, Identity hq) {
    this.folder = folder;
    this.keys = keys;
    this.settings = settings;
    this.self = self == null ? keys.identity(Role.SITE, "press1") : self;
    this.hq = hq == null ? keys.identity(Role.COORDINATOR, "hq") : hq;
    this.sealed = new ProtobufSealedMessages(this.self);
    this.hqSealed = new ProtobufSealedMessages(this.hq);
    this.storage = new DiskStorage(StoreSettings.in(folder));
    this.disk = new FillingStorage(storage);
    this.site =
        new Site(
            disk,
            new YamlTaskReader(),
            new NamedArchitectures(),
            new RangeCodecs(),
            new WindowPreparation(),
            new NamedDriftDetection(),
            engine,
            (schema, part) -> derive(part),
            examples,
            settings,
            clock(),
            System::nanoTime);
    site.add(this);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return time;
      }

      @Override
      public java.time.ZoneId getZone() {
        return java.time.ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        throw new UnsupportedOperationException("a test reads no local time");
      }
    };
  }

  private static Derivation.Result derive(PartData part) {
    float first = part.part().serial().startsWith("odd") ? 9 : 1;
    return part.part().serial().startsWith("empty")
        ? new Derivation.Result(Optional.empty(), 4, "no samples")
        : new Derivation.Result(
            Optional.of(new Tensor(new int[] {2, 2}, new float[] {first, 2, 3, 4})), 0, "");
  }

  Bench start() {
    site.start();
    return this;
  }

  Bench connect() {
    site.connect(self, sealed, link);
    return this;
  }

  /** The site that starts on what is on disk now, as after a kill; this one goes on beside it. */
  Bench afterKill(Path other) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path from : files.toList()) {
        Path to = other.resolve(folder.relativize(from));
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else if (!from.getFileName().toString().equals("lock")) {
          Files.copy(from, to);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    Bench next = new Bench(other, settings, keys, self, hq);
    next.examples.examples = examples.examples;
    next.chunks.putAll(chunks);
    next.sequence = sequence;
    return next;
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about");
      pause();
    }
  }

  /** A moment for others, so that waiting costs no processor. */
  private static void pause() {
    try {
      assertFalse(new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  // --- the coordinator's side

  /** The next message of a kind, whatever came before it. */
  Message next(Kind kind) throws Exception {
    return open(sent(kind));
  }

  /** Reads what the site sent. */
  Message open(FakeLink.Sent sent) throws RefusedException {
    return hqSealed.open(sent.address(), sent.payload());
  }

  /** The next payload of a kind. */
  byte[] raw(Kind kind) throws InterruptedException {
    return sent(kind).payload();
  }

  private FakeLink.Sent sent(Kind kind) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      // A site never falls silent, so it is the whole that is bounded.
      FakeLink.Sent each = link.sent.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertNotNull(each, "no " + kind + " came");
      if (each.address().kind() == kind) {
        return each;
      }
    }
  }

  <B extends Body> B next(Class<B> type, Kind kind) throws Exception {
    return type.cast(next(kind).body());
  }

  void send(Digest task, Position place, Body body) {
    answer(task, place, 0, body);
  }

  /** Says something about a message of the site. */
  void answer(Digest task, Position place, long replyTo, Body body) {
    deliver(hqSealed, hq, task, place, replyTo, body);
  }

  /** What a site says in the coordinator's place. */
  void forge(Digest task, Position place, Body body) {
    Identity thief = keys.identity(Role.SITE, "press9");
    deliver(new ProtobufSealedMessages(thief), thief, task, place, 0, body);
  }

  private void deliver(
      SealedMessages by, Identity sender, Digest task, Position place, long replyTo, Body body) {
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            Keys.FEDERATION,
            sender.self(),
            "press1",
            body.kind(),
            task,
            place.round(),
            place.attempt(),
            place.phase(),
            ++sequence,
            replyTo,
            place.epoch(),
            Header.NO_ENCRYPTION);
    link.deliver(to(body.kind(), task.brief()), by.seal(new Message(header, body)));
  }

  private static Address to(Kind kind, String task) {
    return new Address(Keys.FEDERATION, Branch.TO, "press1", kind, task);
  }

  void chunk(byte[] bytes) {
    link.deliver(to(Kind.CHUNK, Address.NO_TASK), bytes);
  }

  void offer(String yaml) {
    send(Tasks.digest(yaml), new Position(1, 0, 0, -1), new Body.TaskOffer(yaml));
  }

  /** Offers a task, approves it, waits until the site is willing. */
  Digest approved(String yaml) throws Exception {
    offer(yaml);
    String name = yaml.substring(yaml.indexOf(' ') + 1, yaml.indexOf('\n'));
    await(() -> site.tasks().stream().anyMatch(each -> each.name().equals(name)));
    site.approve(name, "tester");
    while (!next(Body.Ready.class, Kind.READY).willing()) {
      assertTrue(site.tasks().size() > 0);
    }
    return Tasks.digest(yaml);
  }

  static Position at(int round, int phase) {
    return new Position(1, round, 1, phase);
  }

  /** A model whose chunks this coordinator can give. */
  ModelReference model(Digest task, int version, float first) {
    return model(task, Tasks.network(), version, first);
  }

  /** A model of another network than that of most tests. */
  ModelReference model(Digest task, Network network, int version, float first) {
    float[] vector = new NamedArchitectures().initial(network, 1);
    vector[0] = first;
    List<Chunk> list = new ArrayList<>();
    for (int from = 0; from < vector.length; from += RANGE) {
      byte[] bytes = Float32.encode(vector, from, Math.min(RANGE, vector.length - from));
      chunks.put(Digest.of(bytes), bytes);
      list.add(new Chunk(from, bytes.length / 4, bytes.length, Digest.of(bytes)));
    }
    return new ModelReference(
        version,
        GlobalDigest.of(task, network.layout(), vector, new byte[0]),
        network.layout().digest(),
        new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, list));
  }

  /** A plan for nobody, with a note. */
  static Plan notice(String request, ModelReference model, String note) {
    return new Plan(request, request, List.of(), model, true, RANGE, Duration.ofSeconds(30), note);
  }

  static Plan plan(String request, ModelReference model, boolean committed, String... cohort) {
    return new Plan(
        request, request, List.of(cohort), model, committed, RANGE, Duration.ofSeconds(30));
  }

  /** Answers the next request for chunks with all of them. */
  void serve() throws Exception {
    for (Digest each : next(Body.Fetch.class, Kind.FETCH).digests()) {
      chunk(chunks.get(each));
    }
  }

  /** Brings the site to the begin of round 1 with the model in place. */
  ModelReference training() throws Exception {
    Digest task = approved(Tasks.PRESS);
    ModelReference model = model(task, 0, 0.5f);
    send(task, at(1, 0), plan("train", model, true, "press1", "press2"));
    serve();
    return model;
  }

  void awaitRefusal(String text) {
    await(() -> site.status().get(0).detail().contains(text));
  }

  byte[] chunkOf(Digest digest) {
    return chunks.get(digest);
  }

  Digest bodyDigest(byte[] manifest) {
    return hqSealed.bodyDigest(manifest);
  }

  static List<Digest> chunksOf(Body.Manifest manifest) {
    return manifest.sections().stream()
        .flatMap(section -> section.chunks().stream())
        .map(Chunk::digest)
        .toList();
  }

  Body.Manifest manifest(Digest task, byte[] payload) throws RefusedException {
    Address address =
        new Address(Keys.FEDERATION, Branch.FROM, "press1", Kind.MANIFEST, task.brief());
    return (Body.Manifest) hqSealed.open(address, payload).body();
  }

  /** Fetches a reply's chunks. */
  List<byte[]> fetch(Digest task, Position place, Body.Manifest manifest) throws Exception {
    List<Digest> wanted = chunksOf(manifest);
    send(task, place, new Body.Fetch(wanted));
    List<byte[]> bytes = new ArrayList<>();
    for (Digest each : wanted) {
      byte[] one = raw(Kind.CHUNK);
      assertTrue(wanted.contains(Digest.of(one)), "chunk " + each + " is another one");
      bytes.add(one);
    }
    return bytes;
  }

  TaskView view(String name) {
    return site.tasks().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** What SCADA is told of a task. */
  String detail(String task) {
    return details.getOrDefault(task, "");
  }

  void part(String serial) {
    Instant end = Instant.parse("2026-01-01T00:00:00Z");
    site.closed(new PartData(new Part(serial, 0, end.minusSeconds(2), end), Map.of(), false));
  }

  Prediction predicted() throws InterruptedException {
    Prediction next = predictions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "no prediction came");
    return next;
  }

  // --- what the site shows

  @Override
  public void state(
      String task, DeploymentState deployment, LearningState learningState, String detail) {
    learning.add(learningState);
    details.put(task, detail);
  }

  @Override
  public void publish(Prediction prediction) {
    predictions.add(prediction);
  }

  @Override
  public void close() {
    engine.go.complete(null);
    site.close();
    storage.close();
  }
}
