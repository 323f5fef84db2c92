// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.Section;

class RoundTripTest {
  @Property(tries = 1000)
  void aBodyIsReadBackAsItWasWrittenAndWrittenAgainAsTheSameBytes(@ForAll("bodies") Body body)
      throws RefusedException {
    byte[] bytes = BodyEncoder.encode(body);
    Body read = BodyDecoder.decode(body.kind(), bytes);
    Bodies.assertSame(body, read);
    assertArrayEquals(bytes, BodyEncoder.encode(read));
  }

  @Property
  void aHeaderIsReadBackAsItWasWritten(@ForAll("headers") Header header) throws RefusedException {
    byte[] bytes = HeaderBytes.encode(header);
    assertEquals(header, HeaderBytes.decode(bytes));
    assertArrayEquals(bytes, HeaderBytes.encode(header));
  }

  @Provide
  Arbitrary<Header> headers() {
    Arbitrary<Party> parties =
        Combinators.combine(Arbitraries.of(Party.Role.values()), ids()).as(Party::new);
    Arbitrary<Kind> kinds = Arbitraries.of(Kind.values()).filter(Kind::isSealed);
    Arbitrary<Position> positions = positions();
    return Combinators.combine(
            ids(), parties, ids(), kinds, digests().injectNull(0.2), positions, longs(), longs())
        .as(
            (federation, sender, recipient, kind, task, position, sequence, replyTo) ->
                new Header(
                    1,
                    0,
                    federation,
                    sender,
                    recipient,
                    kind,
                    task,
                    position.round(),
                    position.attempt(),
                    position.phase(),
                    sequence,
                    replyTo,
                    position.epoch(),
                    "none"));
  }

  @Provide
  Arbitrary<Body> bodies() {
    return Arbitraries.oneOf(
        texts().map(text -> new Body.TaskOffer("a" + text)),
        plans(),
        Combinators.combine(digests(), Arbitraries.of(true, false), texts()).as(Body.Receipt::new),
        syncs(),
        Combinators.combine(Arbitraries.of(true, false), texts(), ints(), ints(), ints())
            .as(Body.Ready::new),
        Combinators.combine(ids(), longs(), longs()).as(Body.Progress::new),
        manifests(),
        Combinators.combine(Arbitraries.of(true, false), texts()).as(Body.Leave::new),
        digests().list().ofMaxSize(50).map(Body.Fetch::new));
  }

  private Arbitrary<Body.Plan> plans() {
    Arbitrary<ModelReference> models =
        Combinators.combine(ints(), digests(), digests(), sections(), statistics())
            .as(
                (version, digest, layout, parameters, statistics) ->
                    new ModelReference(version, digest, layout, parameters).with(statistics));
    Arbitrary<List<String>> cohorts =
        ids().list().uniqueElements().ofMaxSize(20).map(ids -> ids.stream().sorted().toList());
    return Combinators.combine(
            ids(),
            ids(),
            cohorts,
            models,
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, Integer.MAX_VALUE),
            Arbitraries.longs().between(1, Long.MAX_VALUE).map(Duration::ofNanos),
            Arbitraries.strings().withChars("pausedby ü\n").ofMaxLength(4096))
        .as(Body.Plan::new);
  }

  private Arbitrary<List<Moments>> statistics() {
    Arbitrary<Double> finite = Arbitraries.doubles();
    Arbitrary<Moments> some =
        Combinators.combine(
                Arbitraries.longs().between(1, Long.MAX_VALUE), finite, finite.map(Math::abs))
            .as(Moments::new);
    return Arbitraries.oneOf(some, Arbitraries.just(Moments.NONE)).list().ofMaxSize(20);
  }

  private Arbitrary<Body.Sync> syncs() {
    Arbitrary<Body.TaskStanding> standings =
        Combinators.combine(
                digests(),
                positions(),
                digests().injectNull(0.5),
                plans().map(Body.Plan::model).injectNull(0.5))
            .as(Body.TaskStanding::new);
    return Combinators.combine(ids(), standings.list().ofMaxSize(10)).as(Body.Sync::new);
  }

  private Arbitrary<Body.Manifest> manifests() {
    Arbitrary<List<Section>> sections =
        sections().list().uniqueElements(Section::name).ofMaxSize(3);
    Arbitrary<Metric> metrics =
        Combinators.combine(ids(), Arbitraries.doubles(), longs(), disclosures()).as(Metric::new);
    Arbitrary<Body.Manifest> plain =
        Combinators.combine(
                digests(),
                sections,
                Arbitraries.doubles().greaterOrEqual(0),
                disclosures(),
                metrics.list().ofMaxSize(5),
                evaluations().optional(),
                ints(),
                digests().injectNull(0.5))
            .as(Body.Manifest::new);
    return Combinators.combine(plain, statistics(), labels().optional())
        .as(
            (manifest, statistics, labels) ->
                new Body.Manifest(
                    manifest.base(),
                    manifest.sections(),
                    manifest.weight(),
                    manifest.weightDisclosure(),
                    manifest.metrics(),
                    manifest.evaluation(),
                    manifest.localRevision(),
                    manifest.training(),
                    statistics,
                    labels));
  }

  private Arbitrary<LabelStatistics> labels() {
    Arbitrary<LabelStatistics> classes =
        longs().list().ofMaxSize(64).map(LabelStatistics::ofClasses);
    Arbitrary<LabelStatistics> numbers =
        statistics()
            .filter(each -> !each.isEmpty())
            .map(each -> LabelStatistics.ofValue(each.get(0)));
    return Arbitraries.oneOf(classes, numbers);
  }

  private Arbitrary<Evaluation> evaluations() {
    Arbitrary<Integer> classes = Arbitraries.integers().between(1, 6);
    Arbitrary<long[][]> histograms =
        longs()
            .filter(n -> n > 0)
            .injectDuplicates(0.1)
            .array(long[].class)
            .ofSize(256)
            .array(long[][].class)
            .ofSize(2);
    Arbitrary<long[][]> sparse =
        Combinators.combine(histograms, Arbitraries.integers().between(1, 256))
            .as(RoundTripTest::thinned);
    return classes.flatMap(
        k ->
            Combinators.combine(
                    longs(),
                    Arbitraries.doubles(),
                    longs().array(long[].class).ofSize(k).array(long[][].class).ofSize(k),
                    sparse)
                .as(Evaluation::new));
  }

  private static long[][] thinned(long[][] full, int keepEvery) {
    for (long[] row : full) {
      for (int bin = 0; bin < row.length; bin++) {
        row[bin] = bin % keepEvery == 0 ? row[bin] : 0;
      }
    }
    return full;
  }

  private Arbitrary<Section> sections() {
    Arbitrary<List<Chunk>> chunks =
        Combinators.combine(
                Arbitraries.integers().between(1, 1 << 20),
                Arbitraries.integers().between(1, 96 * 1024),
                digests())
            .as((count, bytes, digest) -> new Chunk(0, count, bytes, digest))
            .list()
            .ofMaxSize(20)
            .map(RoundTripTest::inOrder);
    return Combinators.combine(ids(), ids(), disclosures(), chunks).as(Section::new);
  }

  private static List<Chunk> inOrder(List<Chunk> loose) {
    List<Chunk> chunks = new ArrayList<>();
    int from = 0;
    for (Chunk chunk : loose) {
      chunks.add(new Chunk(from, chunk.count(), chunk.bytes(), chunk.digest()));
      from += chunk.count();
    }
    return chunks;
  }

  private Arbitrary<Position> positions() {
    return Combinators.combine(longs(), ints(), ints(), Arbitraries.integers().greaterOrEqual(-1))
        .as(Position::new);
  }

  private Arbitrary<Disclosure> disclosures() {
    return Arbitraries.of(Disclosure.INDIVIDUAL, Disclosure.SUM_ONLY);
  }

  private Arbitrary<Digest> digests() {
    return Arbitraries.bytes().array(byte[].class).ofSize(32).map(Digest::ofRaw);
  }

  private Arbitrary<String> ids() {
    return Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(40);
  }

  private Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars("äß€\n\t").ofMaxLength(200);
  }

  private Arbitrary<Integer> ints() {
    return Arbitraries.integers().greaterOrEqual(0);
  }

  private Arbitrary<Long> longs() {
    return Arbitraries.longs().greaterOrEqual(0);
  }
}
