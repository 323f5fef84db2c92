// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import com.google.protobuf.MessageLite;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.wire.internal.proto.Wire;

/**
 * Bodies to bytes. The same record gives the same bytes: fields are written in the order of their
 * numbers, and there are no maps.
 */
final class BodyEncoder {
  private BodyEncoder() {}

  static byte[] encode(Body body) {
    return message(body).toByteArray();
  }

  // Grows into a pattern switch with Java 21.
  private static MessageLite message(Body body) {
    if (body instanceof Body.TaskOffer offer) {
      return Wire.TaskOffer.newBuilder().setYaml(offer.yaml()).build();
    } else if (body instanceof Body.Plan plan) {
      return plan(plan);
    } else if (body instanceof Body.Receipt receipt) {
      return Wire.Receipt.newBuilder()
          .setManifest(Bounds.raw(receipt.manifest()))
          .setAccepted(receipt.accepted())
          .setReason(receipt.reason())
          .build();
    } else if (body instanceof Body.Sync sync) {
      Wire.Sync.Builder wire = Wire.Sync.newBuilder().setSoftware(sync.software());
      sync.tasks().forEach(standing -> wire.addTasks(standing(standing)));
      return wire.build();
    } else if (body instanceof Body.Ready ready) {
      return Wire.Ready.newBuilder()
          .setWilling(ready.willing())
          .setReason(ready.reason())
          .setTrain(ready.train())
          .setValidation(ready.validation())
          .setTest(ready.test())
          .build();
    } else if (body instanceof Body.Progress progress) {
      return Wire.Progress.newBuilder()
          .setStage(progress.stage())
          .setDone(progress.done())
          .setTotal(progress.total())
          .build();
    } else if (body instanceof Body.Manifest manifest) {
      return manifest(manifest);
    } else if (body instanceof Body.Leave leave) {
      return Wire.Leave.newBuilder()
          .setWholeTask(leave.wholeTask())
          .setReason(leave.reason())
          .build();
    } else if (body instanceof Body.Fetch fetch) {
      Wire.Fetch.Builder wire = Wire.Fetch.newBuilder();
      fetch.digests().forEach(digest -> wire.addDigests(Bounds.raw(digest)));
      return wire.build();
    } else if (body instanceof Body.Assignment assignment) {
      Wire.Assignment.Builder wire =
          Wire.Assignment.newBuilder().setRevision(assignment.revision());
      assignment.model().ifPresent(model -> wire.setModel(model(model)));
      return wire.build();
    } else if (body instanceof Body.Running running) {
      Wire.Running.Builder wire = Wire.Running.newBuilder().setRevision(running.revision());
      running.served().forEach(served -> wire.addServed(served(served)));
      return wire.build();
    } else if (body instanceof Body.Drift drift) {
      Wire.Drift.Builder wire =
          Wire.Drift.newBuilder().setModel(Bounds.raw(drift.model())).setMethod(drift.method());
      drift.metrics().forEach(metric -> wire.addMetrics(metric(metric)));
      return wire.build();
    }
    throw new IllegalArgumentException("no encoding for " + body.getClass().getName());
  }

  private static Wire.Plan plan(Body.Plan plan) {
    Wire.Plan.Builder wire =
        Wire.Plan.newBuilder()
            .setPhase(plan.phase())
            .setRequest(plan.request())
            .addAllCohort(plan.cohort())
            .setModel(model(plan.model()))
            .setCommitted(plan.committed())
            .setRangeElements(plan.rangeElements())
            .setStallNanos(plan.stall().toNanos())
            .setNote(plan.note())
            .addAllCounted(plan.counted());
    if (plan.clusters().models() > 0) {
      wire.setClusters(
          Wire.Clusters.newBuilder()
              .setModels(plan.clusters().models())
              .addAllPlaces(plan.clusters().places()));
    }
    return wire.build();
  }

  private static Wire.ModelReference model(ModelReference model) {
    Wire.ModelReference.Builder wire =
        Wire.ModelReference.newBuilder()
            .setVersion(model.version())
            .setDigest(Bounds.raw(model.digest()))
            .setLayout(Bounds.raw(model.layout()))
            .setParameters(section(model.parameters()));
    model
        .change()
        .ifPresent(
            change ->
                wire.setChange(
                    Wire.ModelChange.newBuilder()
                        .setBase(Bounds.raw(change.base()))
                        .setValues(section(change.values()))));
    model.statistics().forEach(each -> wire.addStatistics(moments(each)));
    return wire.build();
  }

  private static Wire.Moments moments(Moments moments) {
    return Wire.Moments.newBuilder()
        .setCount(moments.count())
        .setMean(moments.mean())
        .setVariance(moments.variance())
        .build();
  }

  private static Wire.Served served(Body.Served served) {
    Wire.Served.Builder wire =
        Wire.Served.newBuilder()
            .setModel(Bounds.raw(served.model()))
            .setActive(served.active())
            .setHeld(served.held())
            .setPredictions(served.predictions())
            .setFailures(served.failures());
    served.metrics().forEach(metric -> wire.addMetrics(metric(metric)));
    return wire.build();
  }

  private static Wire.Metric metric(Metric metric) {
    return Wire.Metric.newBuilder()
        .setName(metric.name())
        .setValue(metric.value())
        .setCount(metric.count())
        .setDisclosure(disclosure("metric " + metric.name(), metric.disclosure()))
        .build();
  }

  private static Wire.TaskStanding standing(Body.TaskStanding standing) {
    Wire.TaskStanding.Builder wire =
        Wire.TaskStanding.newBuilder()
            .setTask(Bounds.raw(standing.task()))
            .setEpoch(standing.position().epoch())
            .setRound(standing.position().round())
            .setAttempt(standing.position().attempt())
            .setPhase(standing.position().phase());
    Digest deployed = standing.deployed();
    if (deployed != null) {
      wire.setDeployed(Bounds.raw(deployed));
    }
    ModelReference model = standing.model();
    if (model != null) {
      wire.setModel(model(model));
    }
    return wire.build();
  }

  private static Wire.Manifest manifest(Body.Manifest manifest) {
    Wire.Manifest.Builder wire =
        Wire.Manifest.newBuilder()
            .setBase(Bounds.raw(manifest.base()))
            .setWeight(manifest.weight())
            .setWeightDisclosure(disclosure("weight", manifest.weightDisclosure()))
            .setLocalRevision(manifest.localRevision());
    manifest.sections().forEach(section -> wire.addSections(section(section)));
    manifest.metrics().forEach(metric -> wire.addMetrics(metric(metric)));
    manifest
        .evaluation()
        .ifPresent(evaluation -> wire.setEvaluation(EvaluationBytes.encode(evaluation)));
    Digest training = manifest.training();
    if (training != null) {
      wire.setTraining(Bounds.raw(training));
    }
    manifest.statistics().forEach(each -> wire.addStatistics(moments(each)));
    manifest.labels().ifPresent(labels -> wire.setLabels(labels(labels)));
    return wire.build();
  }

  private static Wire.LabelStatistics labels(LabelStatistics labels) {
    Wire.LabelStatistics.Builder wire =
        Wire.LabelStatistics.newBuilder().addAllClasses(labels.classes());
    if (labels.value().count() > 0) {
      wire.setValue(moments(labels.value()));
    }
    return wire.build();
  }

  private static Wire.Section section(Section section) {
    Wire.Section.Builder wire =
        Wire.Section.newBuilder()
            .setName(section.name())
            .setEncoding(section.encoding())
            .setDisclosure(disclosure("section " + section.name(), section.disclosure()));
    if (section.list().isPresent()) {
      ChunkList list = section.list().get();
      Wire.ChunkList.Builder named =
          Wire.ChunkList.newBuilder().setElements(list.elements()).setChunks(list.chunks());
      list.pieces().forEach(piece -> named.addPieces(Bounds.raw(piece)));
      return wire.setList(named).build();
    }
    for (Chunk chunk : section.chunks()) {
      wire.addChunks(
          Wire.Chunk.newBuilder()
              .setCount(chunk.count())
              .setBytes(chunk.bytes())
              .setDigest(Bounds.raw(chunk.digest())));
    }
    return wire.build();
  }

  private static Wire.Disclosure disclosure(String what, Disclosure disclosure) {
    return switch (disclosure) {
      case INDIVIDUAL -> Wire.Disclosure.DISCLOSURE_INDIVIDUAL;
      case SUM_ONLY -> Wire.Disclosure.DISCLOSURE_SUM_ONLY;
      case NEVER ->
          throw new IllegalArgumentException(
              what + " is declared never to leave the site and so has no encoding");
    };
  }
}
