// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.replies;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.Section;
import org.fedwerk.coordinator.internal.bytes.Fields;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * What a verified reply says, kept as a blob until its round is committed. The manifest's signature
 * was checked when it came; it is not checked again after a restart, when the certificate may have
 * expired.
 *
 * @param site who replied
 * @param sections vectors
 * @param weight the update's weight
 * @param metrics numbers
 * @param evaluation counts
 * @param localRevision revision of the site's deployment
 * @param statistics of its training examples, if they were asked for
 * @param labels of its training examples, if its owner lets them leave
 */
public record ReplyRecord(
    String site,
    List<Section> sections,
    double weight,
    List<Metric> metrics,
    Optional<Evaluation> evaluation,
    int localRevision,
    List<Moments> statistics,
    Optional<LabelStatistics> labels) {
  private static final int TYPE = 1;

  /** A reply that tells no statistics. */
  public ReplyRecord(
      String site,
      List<Section> sections,
      double weight,
      List<Metric> metrics,
      Optional<Evaluation> evaluation,
      int localRevision) {
    this(site, sections, weight, metrics, evaluation, localRevision, List.of(), Optional.empty());
  }

  public static ReplyRecord of(String site, Body.Manifest manifest) {
    return new ReplyRecord(
        site,
        manifest.sections(),
        manifest.weight(),
        manifest.metrics(),
        manifest.evaluation(),
        manifest.localRevision(),
        manifest.statistics(),
        manifest.labels());
  }

  public byte[] encode() {
    StateWriter out = new StateWriter(TYPE);
    out.text(site)
        .list(sections, Fields::section)
        .real(weight)
        .list(metrics, Fields::metric)
        .maybe(evaluation, Fields::evaluation)
        .number(localRevision);
    Fields.statistics(out, statistics);
    return Fields.labels(out, labels).record();
  }

  public static ReplyRecord decode(byte[] bytes) {
    StateReader in = new StateReader("a reply", bytes);
    return new ReplyRecord(
        in.text(),
        in.list(Fields::section),
        in.real(),
        in.list(Fields::metric),
        in.maybe(Fields::evaluation),
        in.integer(),
        Fields.statistics(in),
        Fields.labels(in));
  }

  public List<Chunk> chunks() {
    List<Chunk> chunks = new ArrayList<>();
    sections.forEach(section -> chunks.addAll(section.chunks()));
    return chunks;
  }

  /** Its chunks, as far as they are known, and the pieces of their lists. */
  public List<Digest> blobs() {
    return sections.stream().flatMap(section -> section.blobs().stream()).toList();
  }

  /** True once the chunks of all sections are known. */
  public boolean isRead() {
    return sections.stream().allMatch(Section::isRead);
  }

  /**
   * The same reply with the lists of chunks read, which are all here.
   *
   * @throws RefusedException if a list is not what the manifest names
   */
  public ReplyRecord read(Function<Digest, Optional<byte[]>> blobs) throws RefusedException {
    List<Section> read = new ArrayList<>();
    for (Section section : sections) {
      read.add(section.read(blobs).orElseThrow());
    }
    return new ReplyRecord(
        site, read, weight, metrics, evaluation, localRevision, statistics, labels);
  }
}
