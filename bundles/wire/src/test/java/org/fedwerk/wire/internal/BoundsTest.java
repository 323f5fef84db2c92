// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.wire.internal.proto.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signed body may not hold, field by field. */
class BoundsTest {
  private static final ByteString DIGEST = ByteString.copyFrom(new byte[32]);

  static Stream<Arguments> beyond() {
    Wire.Chunk chunk =
        Wire.Chunk.newBuilder().setCount(1 << 30).setBytes(4).setDigest(DIGEST).build();
    return Stream.of(
        Arguments.of(Kind.TASK, "task.yaml", Wire.TaskOffer.getDefaultInstance()),
        Arguments.of(
            Kind.TASK,
            "task.yaml",
            Wire.TaskOffer.newBuilder().setYaml("a".repeat(65_537)).build()),
        Arguments.of(
            Kind.LEAVE, "leave.reason", Wire.Leave.newBuilder().setReason("\u001b[2J").build()),
        Arguments.of(
            Kind.LEAVE,
            "leave.reason",
            Wire.Leave.newBuilder().setReason("a".repeat(16_385)).build()),
        Arguments.of(
            Kind.FETCH,
            "fetch.digests",
            Wire.Fetch.newBuilder().addAllDigests(Collections.nCopies(1001, DIGEST)).build()),
        Arguments.of(
            Kind.FETCH,
            "fetch.digests",
            Wire.Fetch.newBuilder().addDigests(ByteString.EMPTY).build()),
        Arguments.of(
            Kind.SYNC,
            "sync.tasks",
            Wire.Sync.newBuilder()
                .addAllTasks(
                    Collections.nCopies(
                        257, Wire.TaskStanding.newBuilder().setTask(DIGEST).build()))
                .build()),
        Arguments.of(Kind.READY, "ready.train", Wire.Ready.newBuilder().setTrain(-1).build()),
        Arguments.of(Kind.PROGRESS, "progress.stage", Wire.Progress.getDefaultInstance()),
        Arguments.of(
            Kind.PROGRESS,
            "progress.done",
            Wire.Progress.newBuilder().setStage("a").setDone(-1).build()),
        Arguments.of(Kind.PLAN, "plan.model", plan().clearModel().build()),
        Arguments.of(Kind.PLAN, "plan.stall", plan().clearStallNanos().build()),
        Arguments.of(
            Kind.PLAN,
            "plan.clusters.models",
            plan().setClusters(Wire.Clusters.getDefaultInstance()).build()),
        Arguments.of(
            Kind.PLAN,
            "plan.clusters",
            plan().setClusters(Wire.Clusters.newBuilder().setModels(2).addPlaces(1)).build()),
        Arguments.of(
            Kind.PLAN,
            "plan.clusters",
            plan()
                .setClusters(
                    Wire.Clusters.newBuilder().setModels(2).addPlaces(1).addPlaces(3).addPlaces(0))
                .build()),
        Arguments.of(Kind.PLAN, "plan.range-elements", plan().clearRangeElements().build()),
        Arguments.of(Kind.PLAN, "plan.cohort", plan().addCohort("plant-a").build()),
        Arguments.of(
            Kind.PLAN,
            "plan.cohort",
            plan().addAllCohort(Collections.nCopies(1001, "plant-d")).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections",
            manifest().addAllSections(Collections.nCopies(17, section().build())).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections",
            manifest().clearSections().addSections(section()).addSections(section()).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.chunks",
            manifest().addSections(section().addAllChunks(Collections.nCopies(2, chunk))).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.chunks",
            manifest()
                .addSections(
                    section()
                        .addAllChunks(
                            Collections.nCopies(2001, chunk.toBuilder().setCount(1).build())))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.chunks.bytes",
            manifest()
                .addSections(section().addChunks(chunk.toBuilder().setBytes(96 * 1024 + 1)))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.list",
            manifest()
                .addSections(section().addChunks(chunk).setList(list().addPieces(DIGEST)))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.list.elements",
            manifest().addSections(section().setList(list().setElements(0))).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.list.chunks",
            manifest().addSections(section().setList(list().setChunks(100_001))).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.list.pieces",
            manifest()
                .addSections(
                    section().setList(list().addAllPieces(Collections.nCopies(1001, DIGEST))))
                .build()),
        Arguments.of(
            Kind.PLAN,
            "plan.model.parameters.list.pieces",
            plan()
                .setModel(
                    plan().getModel().toBuilder()
                        .setParameters(section().setList(list().addPieces(ByteString.EMPTY))))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.sections.disclosure",
            manifest().addSections(section().setDisclosureValue(3)).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.metrics",
            manifest()
                .addAllMetrics(Collections.nCopies(65, Wire.Metric.getDefaultInstance()))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.evaluation.classes",
            manifest().setEvaluation(Wire.Evaluation.newBuilder().setClasses(65)).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.evaluation.confusion",
            manifest()
                .setEvaluation(Wire.Evaluation.newBuilder().setClasses(2).addConfusion(1))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.evaluation.last",
            manifest().setEvaluation(evaluation(Wire.Histogram.newBuilder().addBins(3))).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.evaluation.last",
            manifest()
                .setEvaluation(evaluation(Wire.Histogram.newBuilder().addBins(256).addCounts(1)))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.statistics",
            manifest()
                .addAllStatistics(Collections.nCopies(1001, Wire.Moments.getDefaultInstance()))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.statistics",
            manifest()
                .addStatistics(Wire.Moments.newBuilder().setCount(2).setMean(Double.NaN))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.statistics",
            manifest()
                .addStatistics(Wire.Moments.newBuilder().setCount(2).setVariance(-1))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.statistics.count",
            manifest().addStatistics(Wire.Moments.newBuilder().setCount(-1)).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.labels.classes",
            manifest()
                .setLabels(
                    Wire.LabelStatistics.newBuilder().addAllClasses(Collections.nCopies(65, 1L)))
                .build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.labels.classes",
            manifest().setLabels(Wire.LabelStatistics.newBuilder().addClasses(-1)).build()),
        Arguments.of(
            Kind.MANIFEST,
            "manifest.labels.value",
            manifest()
                .setLabels(
                    Wire.LabelStatistics.newBuilder()
                        .setValue(Wire.Moments.newBuilder().setCount(2).setMean(Double.NaN)))
                .build()),
        Arguments.of(
            Kind.PLAN,
            "plan.model.statistics",
            plan()
                .setModel(
                    plan().getModelBuilder().addStatistics(Wire.Moments.newBuilder().setMean(1)))
                .build()));
  }

  @ParameterizedTest
  @MethodSource("beyond")
  void aFieldBeyondItsBoundIsRefusedByName(Kind kind, String field, MessageLite body) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> BodyDecoder.decode(kind, body.toByteArray()));
    Refusal refusal = refused.refusals().get(0);
    assertEquals(field, refusal.where());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1})
  void aWeightThatIsNoFiniteNumberFromZeroIsNeitherSealedNorOpened(double weight) {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                BodyDecoder.decode(
                    Kind.MANIFEST, manifest().setWeight(weight).build().toByteArray()));
    assertEquals("manifest.weight", refused.refusals().get(0).where());

    Message message =
        new Message(Examples.header(Kind.MANIFEST), manifest(weight, Disclosure.INDIVIDUAL));
    IllegalArgumentException unsealed =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ProtobufSealedMessages(TestIdentity.site("plant-a")).seal(message));
    assertTrue(unsealed.getMessage().contains("manifest.weight"), unsealed.getMessage());
  }

  @org.junit.jupiter.api.Test
  void whatMustNeverLeaveASiteCannotBeSealed() {
    Message message = new Message(Examples.header(Kind.MANIFEST), manifest(1, Disclosure.NEVER));
    IllegalArgumentException unsealed =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ProtobufSealedMessages(TestIdentity.site("plant-a")).seal(message));
    assertTrue(unsealed.getMessage().contains("never to leave the site"), unsealed.getMessage());
  }

  private static Body.Manifest manifest(double weight, Disclosure disclosure) {
    return new Body.Manifest(
        Examples.digest("model"),
        List.of(),
        weight,
        disclosure,
        List.of(),
        Optional.empty(),
        0,
        null);
  }

  @Test
  void aNoteThatIsTooLongOrSteersATerminalIsRefused() {
    assertThrows(RefusedException.class, () -> decoded(plan().setNote("n".repeat(4097))));
    assertThrows(RefusedException.class, () -> decoded(plan().setNote("\u001b[2J")));
  }

  private static void decoded(Wire.Plan.Builder plan) throws RefusedException {
    BodyDecoder.decode(Kind.PLAN, plan.build().toByteArray());
  }

  private static Wire.Plan.Builder plan() {
    return parsed(
        () -> Wire.Plan.parseFrom(BodyEncoder.encode(Examples.body(Kind.PLAN))).toBuilder());
  }

  private static Wire.Manifest.Builder manifest() {
    return parsed(
        () ->
            Wire.Manifest.parseFrom(BodyEncoder.encode(Examples.body(Kind.MANIFEST))).toBuilder());
  }

  private static Wire.Section.Builder section() {
    return Wire.Section.newBuilder()
        .setName("extra")
        .setEncoding("f32le")
        .setDisclosure(Wire.Disclosure.DISCLOSURE_INDIVIDUAL);
  }

  private static Wire.ChunkList.Builder list() {
    return Wire.ChunkList.newBuilder().setElements(10).setChunks(2);
  }

  private static Wire.Evaluation.Builder evaluation(Wire.Histogram.Builder last) {
    return Wire.Evaluation.newBuilder().setClasses(1).addConfusion(1).setLast(last);
  }

  private interface Parse<T> {
    T get() throws com.google.protobuf.InvalidProtocolBufferException;
  }

  private static <T> T parsed(Parse<T> parse) {
    try {
      return parse.get();
    } catch (com.google.protobuf.InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
