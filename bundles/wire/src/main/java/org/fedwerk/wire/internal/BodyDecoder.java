// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Clusters;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.Section;
import org.fedwerk.wire.internal.proto.Wire;

/** Bytes to bodies, everything checked against {@link Bounds}. */
final class BodyDecoder {
  private BodyDecoder() {}

  static Body decode(Kind kind, byte[] bytes) throws RefusedException {
    try {
      return switch (kind) {
        case TASK -> task(Wire.TaskOffer.parseFrom(bytes));
        case PLAN -> plan(Wire.Plan.parseFrom(bytes));
        case RECEIPT -> receipt(Wire.Receipt.parseFrom(bytes));
        case SYNC -> sync(Wire.Sync.parseFrom(bytes));
        case READY -> ready(Wire.Ready.parseFrom(bytes));
        case PROGRESS -> progress(Wire.Progress.parseFrom(bytes));
        case MANIFEST -> manifest(Wire.Manifest.parseFrom(bytes));
        case LEAVE -> leave(Wire.Leave.parseFrom(bytes));
        case FETCH -> fetch(Wire.Fetch.parseFrom(bytes));
        case ASSIGNMENT -> assignment(Wire.Assignment.parseFrom(bytes));
        case RUNNING -> running(Wire.Running.parseFrom(bytes));
        case DRIFT -> drift(Wire.Drift.parseFrom(bytes));
        case CHUNK -> throw Bounds.refused("kind", "chunks are raw, never sealed");
      };
    } catch (InvalidProtocolBufferException malformed) {
      throw Bounds.refused(kind.word(), "the body cannot be read");
    }
  }

  private static Body task(Wire.TaskOffer wire) throws RefusedException {
    String yaml = wire.getYaml();
    if (yaml.isEmpty()) {
      throw Bounds.refused("task.yaml", "is missing");
    }
    return new Body.TaskOffer(Bounds.text("task.yaml", yaml, Bounds.YAML_CHARS));
  }

  private static Body plan(Wire.Plan wire) throws RefusedException {
    Bounds.entries("plan.cohort", wire.getCohortCount(), Bounds.COHORT);
    List<String> cohort = new ArrayList<>();
    String previous = "";
    for (String site : wire.getCohortList()) {
      Bounds.name("plan.cohort", site);
      if (site.length() > Bounds.ID_CHARS || site.compareTo(previous) <= 0) {
        throw Bounds.refused("plan.cohort", "is not a list of site ids, ascending, each once");
      }
      cohort.add(site);
      previous = site;
    }
    if (!wire.hasModel()) {
      throw Bounds.refused("plan.model", "is missing");
    }
    if (wire.getStallNanos() <= 0) {
      throw Bounds.refused("plan.stall", "is missing or not above 0");
    }
    return new Body.Plan(
        Bounds.name("plan.phase", wire.getPhase()),
        Bounds.name("plan.request", wire.getRequest()),
        cohort,
        model("plan.model", wire.getModel()),
        wire.getCommitted(),
        Bounds.positive("plan.range-elements", wire.getRangeElements()),
        Duration.ofNanos(wire.getStallNanos()),
        Bounds.text("plan.note", wire.getNote(), Bounds.NOTE_CHARS),
        counted(wire),
        wire.hasClusters() ? clusters(wire) : Clusters.NONE);
  }

  private static Clusters clusters(Wire.Plan wire) throws RefusedException {
    int models = Bounds.positive("plan.clusters.models", wire.getClusters().getModels());
    List<Integer> places = wire.getClusters().getPlacesList();
    if (places.size() != wire.getCohortCount()) {
      throw Bounds.refused("plan.clusters", "is not one model for each site of the cohort");
    }
    for (int place : places) {
      if (Bounds.natural("plan.clusters", place) > models) {
        throw Bounds.refused("plan.clusters", "names a model above the " + models + " in use");
      }
    }
    return new Clusters(models, places);
  }

  private static List<Integer> counted(Wire.Plan wire) throws RefusedException {
    int counted = wire.getCountedCount();
    if (counted > 0 && counted != wire.getCohortCount()) {
      throw Bounds.refused("plan.counted", "is not one number for each site of the cohort");
    }
    List<Integer> rounds = new ArrayList<>();
    for (int round : wire.getCountedList()) {
      rounds.add(Bounds.natural("plan.counted", round));
    }
    return rounds;
  }

  private static ModelReference model(String field, Wire.ModelReference wire)
      throws RefusedException {
    return new ModelReference(
        Bounds.natural(field + ".version", wire.getVersion()),
        Bounds.digest(field + ".digest", wire.getDigest()),
        Bounds.digest(field + ".layout", wire.getLayout()),
        section(field + ".parameters", wire.getParameters()),
        wire.hasChange()
            ? Optional.of(change(field + ".change", wire.getChange()))
            : Optional.empty(),
        statistics(field + ".statistics", wire.getStatisticsList()));
  }

  private static List<Moments> statistics(String field, List<Wire.Moments> wire)
      throws RefusedException {
    Bounds.entries(field, wire.size(), Bounds.STATISTICS);
    List<Moments> statistics = new ArrayList<>();
    for (Wire.Moments each : wire) {
      statistics.add(moments(field, each));
    }
    return statistics;
  }

  private static Moments moments(String field, Wire.Moments wire) throws RefusedException {
    long count = Bounds.natural(field + ".count", wire.getCount());
    try {
      return new Moments(count, wire.getMean(), wire.getVariance());
    } catch (IllegalArgumentException none) {
      throw Bounds.refused(field, "is not the mean and variance of some values, or of none");
    }
  }

  private static LabelStatistics labels(String field, Wire.LabelStatistics wire)
      throws RefusedException {
    Bounds.entries(field + ".classes", wire.getClassesCount(), Bounds.CLASSES);
    List<Long> classes = new ArrayList<>();
    for (long count : wire.getClassesList()) {
      classes.add(Bounds.natural(field + ".classes", count));
    }
    return new LabelStatistics(classes, moments(field + ".value", wire.getValue()));
  }

  private static ModelChange change(String field, Wire.ModelChange wire) throws RefusedException {
    return new ModelChange(
        Bounds.digest(field + ".base", wire.getBase()),
        section(field + ".values", wire.getValues()));
  }

  private static Body assignment(Wire.Assignment wire) throws RefusedException {
    Optional<ModelReference> model =
        wire.hasModel()
            ? Optional.of(model("assignment.model", wire.getModel()))
            : Optional.empty();
    return new Body.Assignment(Bounds.natural("assignment.revision", wire.getRevision()), model);
  }

  private static Body running(Wire.Running wire) throws RefusedException {
    Bounds.entries("running.served", wire.getServedCount(), Bounds.SERVED);
    List<Body.Served> served = new ArrayList<>();
    for (Wire.Served each : wire.getServedList()) {
      served.add(
          new Body.Served(
              Bounds.digest("running.served.model", each.getModel()),
              each.getActive(),
              each.getHeld(),
              Bounds.natural("running.served.predictions", each.getPredictions()),
              Bounds.natural("running.served.failures", each.getFailures()),
              metrics("running.served.metrics", each.getMetricsList())));
    }
    return new Body.Running(Bounds.natural("running.revision", wire.getRevision()), served);
  }

  private static Body drift(Wire.Drift wire) throws RefusedException {
    return new Body.Drift(
        Bounds.digest("drift.model", wire.getModel()),
        Bounds.name("drift.method", wire.getMethod()),
        metrics("drift.metrics", wire.getMetricsList()));
  }

  private static List<Metric> metrics(String field, List<Wire.Metric> wire)
      throws RefusedException {
    Bounds.entries(field, wire.size(), Bounds.METRICS);
    List<Metric> metrics = new ArrayList<>();
    for (Wire.Metric metric : wire) {
      metrics.add(
          new Metric(
              Bounds.name(field + ".name", metric.getName()),
              metric.getValue(),
              Bounds.natural(field + ".count", metric.getCount()),
              disclosure(field + ".disclosure", metric.getDisclosure())));
    }
    return metrics;
  }

  private static Body receipt(Wire.Receipt wire) throws RefusedException {
    return new Body.Receipt(
        Bounds.digest("receipt.manifest", wire.getManifest()),
        wire.getAccepted(),
        Bounds.text("receipt.reason", wire.getReason(), Bounds.REASON_CHARS));
  }

  private static Body sync(Wire.Sync wire) throws RefusedException {
    Bounds.entries("sync.tasks", wire.getTasksCount(), Bounds.TASKS);
    List<Body.TaskStanding> tasks = new ArrayList<>();
    for (Wire.TaskStanding standing : wire.getTasksList()) {
      if (standing.getPhase() < -1) {
        throw Bounds.refused("sync.tasks.phase", "is below -1");
      }
      ByteString deployed = standing.getDeployed();
      tasks.add(
          new Body.TaskStanding(
              Bounds.digest("sync.tasks.task", standing.getTask()),
              new Position(
                  Bounds.natural("sync.tasks.epoch", standing.getEpoch()),
                  Bounds.natural("sync.tasks.round", standing.getRound()),
                  Bounds.natural("sync.tasks.attempt", standing.getAttempt()),
                  standing.getPhase()),
              standing.hasDeployed() ? Bounds.digest("sync.tasks.deployed", deployed) : null,
              standing.hasModel() ? model("sync.tasks.model", standing.getModel()) : null));
    }
    return new Body.Sync(
        Bounds.text("sync.software", wire.getSoftware(), Bounds.NAME_CHARS), tasks);
  }

  private static Body ready(Wire.Ready wire) throws RefusedException {
    return new Body.Ready(
        wire.getWilling(),
        Bounds.text("ready.reason", wire.getReason(), Bounds.REASON_CHARS),
        Bounds.natural("ready.train", wire.getTrain()),
        Bounds.natural("ready.validation", wire.getValidation()),
        Bounds.natural("ready.test", wire.getTest()));
  }

  private static Body progress(Wire.Progress wire) throws RefusedException {
    return new Body.Progress(
        Bounds.name("progress.stage", wire.getStage()),
        Bounds.natural("progress.done", wire.getDone()),
        Bounds.natural("progress.total", wire.getTotal()));
  }

  private static Body manifest(Wire.Manifest wire) throws RefusedException {
    Bounds.entries("manifest.sections", wire.getSectionsCount(), Bounds.SECTIONS);
    List<Section> sections = new ArrayList<>();
    for (Wire.Section section : wire.getSectionsList()) {
      sections.add(section("manifest.sections", section));
    }
    if (sections.stream().map(Section::name).distinct().count() < sections.size()) {
      throw Bounds.refused("manifest.sections", "names a section twice");
    }
    // A weight that is not a number would make the sum of a whole round worthless.
    if (!Double.isFinite(wire.getWeight()) || wire.getWeight() < 0) {
      throw Bounds.refused("manifest.weight", "is not a finite number from 0");
    }
    List<Metric> metrics = metrics("manifest.metrics", wire.getMetricsList());
    Optional<Evaluation> evaluation =
        wire.hasEvaluation()
            ? Optional.of(EvaluationBytes.decode("manifest.evaluation", wire.getEvaluation()))
            : Optional.empty();
    ByteString training = wire.getTraining();
    Digest trained = wire.hasTraining() ? Bounds.digest("manifest.training", training) : null;
    return new Body.Manifest(
        Bounds.digest("manifest.base", wire.getBase()),
        sections,
        wire.getWeight(),
        disclosure("manifest.weight-disclosure", wire.getWeightDisclosure()),
        metrics,
        evaluation,
        Bounds.natural("manifest.local-revision", wire.getLocalRevision()),
        trained,
        statistics("manifest.statistics", wire.getStatisticsList()),
        wire.hasLabels()
            ? Optional.of(labels("manifest.labels", wire.getLabels()))
            : Optional.empty());
  }

  private static Body leave(Wire.Leave wire) throws RefusedException {
    return new Body.Leave(
        wire.getWholeTask(), Bounds.text("leave.reason", wire.getReason(), Bounds.REASON_CHARS));
  }

  private static Body fetch(Wire.Fetch wire) throws RefusedException {
    Bounds.entries("fetch.digests", wire.getDigestsCount(), Bounds.FETCHED);
    List<Digest> digests = new ArrayList<>();
    for (ByteString digest : wire.getDigestsList()) {
      digests.add(Bounds.digest("fetch.digests", digest));
    }
    return new Body.Fetch(digests);
  }

  private static Section section(String field, Wire.Section wire) throws RefusedException {
    if (wire.hasList()) {
      if (wire.getChunksCount() > 0) {
        throw Bounds.refused(field + ".list", "stands beside chunks");
      }
      return Section.unread(
          Bounds.name(field + ".name", wire.getName()),
          Bounds.name(field + ".encoding", wire.getEncoding()),
          disclosure(field + ".disclosure", wire.getDisclosure()),
          list(field + ".list", wire.getList()));
    }
    Bounds.entries(field + ".chunks", wire.getChunksCount(), Bounds.CHUNKS);
    List<Chunk> chunks = new ArrayList<>();
    int next = 0;
    for (Wire.Chunk chunk : wire.getChunksList()) {
      int count = Bounds.positive(field + ".chunks.count", chunk.getCount());
      int bytes = Bounds.positive(field + ".chunks.bytes", chunk.getBytes());
      if (bytes > Bounds.CHUNK_BYTES) {
        throw Bounds.refused(field + ".chunks.bytes", "is above " + Bounds.CHUNK_BYTES);
      }
      if (count > Integer.MAX_VALUE - next) {
        throw Bounds.refused(field + ".chunks", "has more than " + Integer.MAX_VALUE + " elements");
      }
      chunks.add(
          new Chunk(
              next, count, bytes, Bounds.digest(field + ".chunks.digest", chunk.getDigest())));
      next += count;
    }
    return new Section(
        Bounds.name(field + ".name", wire.getName()),
        Bounds.name(field + ".encoding", wire.getEncoding()),
        disclosure(field + ".disclosure", wire.getDisclosure()),
        chunks);
  }

  private static ChunkList list(String field, Wire.ChunkList wire) throws RefusedException {
    int elements = Bounds.positive(field + ".elements", wire.getElements());
    int chunks = Bounds.positive(field + ".chunks", wire.getChunks());
    Bounds.entries(field + ".chunks", chunks, ChunkList.MOST_CHUNKS);
    Bounds.entries(field + ".pieces", wire.getPiecesCount(), ChunkList.MOST_PIECES);
    List<Digest> pieces = new ArrayList<>();
    for (ByteString piece : wire.getPiecesList()) {
      pieces.add(Bounds.digest(field + ".pieces", piece));
    }
    return new ChunkList(elements, chunks, pieces);
  }

  private static Disclosure disclosure(String field, Wire.Disclosure wire) throws RefusedException {
    return switch (wire) {
      case DISCLOSURE_INDIVIDUAL -> Disclosure.INDIVIDUAL;
      case DISCLOSURE_SUM_ONLY -> Disclosure.SUM_ONLY;
      case DISCLOSURE_UNSPECIFIED, UNRECOGNIZED ->
          throw Bounds.refused(field, "is neither individual nor sum-only");
    };
  }
}
