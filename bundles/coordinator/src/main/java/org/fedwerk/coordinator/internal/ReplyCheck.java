// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.CompressionSpec;

/** Says whether a manifest fits the plan it answers. */
final class ReplyCheck {
  private final TaskContext context;
  private final UpdateClaims claims;

  ReplyCheck(TaskContext context) {
    this.context = context;
    claims = new UpdateClaims(context);
  }

  /**
   * Why the manifest does not fit; empty if it does.
   *
   * @param fold the fold its phase ends in
   * @param base digest of the plan's model
   */
  Optional<String> why(String fold, Digest base, Body.Manifest manifest) {
    if (!manifest.base().equals(base)) {
      return Optional.of(
          "base " + manifest.base().brief() + " is not the plan's model " + base.brief());
    }
    Optional<String> statistics = statistics(fold, manifest.statistics());
    if (statistics.isPresent()) {
      return statistics;
    }
    if (!Protocols.takesUpdates(fold)) {
      return manifest.sections().isEmpty() && manifest.labels().isEmpty()
          ? manifest.evaluation().flatMap(this::counts)
          : Optional.of("sections or statistics of labels were not asked for");
    }
    if (!(manifest.weight() > 0) || !Double.isFinite(manifest.weight())) {
      return Optional.of("weight is not a finite number above 0");
    }
    List<Section> sections = manifest.sections();
    if (sections.size() != 1
        || !sections.get(0).name().equals(Section.DELTA)
        || !sections.get(0).encoding().equals(compression().encoding())) {
      return Optional.of("expected one section delta in " + compression().encoding());
    }
    return ranges(sections.get(0))
        .or(() -> claims.why(manifest.weight(), manifest.metrics()))
        .or(() -> manifest.labels().flatMap(told -> labels(manifest.weight(), told)));
  }

  private Optional<String> labels(double examples, LabelStatistics told) {
    return LabelClaims.why(context.task().schema().label(), examples, told);
  }

  private Optional<String> statistics(String fold, List<Moments> told) {
    int asked =
        fold.equals(Protocols.FOLD_STATISTICS)
            ? new ValuePools(context.task().schema()).count()
            : 0;
    if (told.size() != asked) {
      return Optional.of(told.size() + " statistics were told, " + asked + " were asked for");
    }
    return told.stream().allMatch(ReplyCheck::isOfFloats)
        ? Optional.empty()
        : Optional.of("statistics are not those of float32 values");
  }

  private static boolean isOfFloats(Moments each) {
    // The values lie within the range, so no two are further apart than twice its bound.
    return Math.abs(each.mean()) <= Float.MAX_VALUE && each.deviation() <= Float.MAX_VALUE;
  }

  /** Why a section's ranges are not the plan's; a list that is still unread is judged by size. */
  Optional<String> ranges(Section delta) {
    int size = context.layout().size();
    if (delta.size() != size) {
      return Optional.of("delta has " + delta.size() + " elements, the layout " + size);
    }
    int chunks = context.updates().chunks();
    if (!delta.isRead()) {
      return delta.count() == chunks
          ? Optional.empty()
          : Optional.of("delta has " + delta.count() + " chunks, the plan " + chunks + " ranges");
    }
    return unfit(delta).map(chunk -> "ranges are not the plan's at element " + chunk.from());
  }

  private Optional<Chunk> unfit(Section delta) {
    Optional<Chunk> cut = context.updates().unfit(delta);
    return cut.isPresent() || compression().isCoded()
        ? cut
        : delta.chunks().stream()
            .filter(chunk -> chunk.bytes() != Float.BYTES * chunk.count())
            .findFirst();
  }

  private CompressionSpec compression() {
    return context.task().compression();
  }

  private Optional<String> counts(Evaluation evaluation) {
    LabelSpec label = context.task().schema().label();
    if (label.isAnomaly()) {
      return anomalies(evaluation);
    }
    if (!label.isClass()) {
      return sums(label, evaluation);
    }
    int classes = label.classes().size();
    boolean fits =
        isFree(evaluation.labels(), evaluation.errors())
            && isCounts(evaluation.confusion(), classes, classes, evaluation.count())
            && isCounts(evaluation.scoreHistogram(), 2, Evaluation.BINS, evaluation.count())
            && Double.isFinite(evaluation.lossSum());
    return fits
        ? Optional.empty()
        : Optional.of("evaluation does not hold counts of " + classes + " classes that add up");
  }

  /** Of a label that is not one class: nothing but what it has, and counts that add up. */
  private static Optional<String> sums(LabelSpec label, Evaluation evaluation) {
    boolean isValue = label.target().kind() == Target.Kind.VALUE;
    Errors errors = evaluation.errors();
    boolean fits =
        evaluation.confusion().length == 0
            && isCounts(evaluation.scoreHistogram(), 2, Evaluation.BINS, 0)
            && Double.isFinite(evaluation.lossSum())
            && evaluation.count() >= 0
            && (isValue
                ? evaluation.labels().isEmpty()
                    && isError(errors.squared())
                    && isError(errors.absolute())
                : evaluation.labels().size() == label.outputs()
                    && errors.equals(Errors.NONE)
                    && evaluation.labels().stream()
                        .allMatch(each -> isCounts(each, evaluation.count())));
    return fits
        ? Optional.empty()
        : Optional.of(
            isValue
                ? "evaluation does not hold sums of errors"
                : "evaluation does not hold counts of " + label.outputs() + " labels that add up");
  }

  /** Of anomalies: the normal parts are the examples, and every part has its score. */
  private static Optional<String> anomalies(Evaluation evaluation) {
    boolean fits =
        evaluation.confusion().length == 0
            && evaluation.labels().size() == 1
            && evaluation.errors().equals(Errors.NONE)
            && isError(evaluation.lossSum())
            && isScored(evaluation.labels().get(0), evaluation);
    return fits
        ? Optional.empty()
        : Optional.of("evaluation does not hold counts and scores of anomalies that add up");
  }

  private static boolean isScored(Counts defects, Evaluation evaluation) {
    return isCounts(defects, defects.count())
        && defects.rejected() + defects.falseAlarms() == evaluation.count()
        && isCounts(evaluation.scoreHistogram(), 2, Evaluation.BINS, defects.count())
        && Arrays.stream(evaluation.scoreHistogram()[1]).sum() == defects.actual();
  }

  private static boolean isFree(List<Counts> labels, Errors errors) {
    return labels.isEmpty() && errors.equals(Errors.NONE);
  }

  private static boolean isError(double sum) {
    return sum >= 0 && Double.isFinite(sum);
  }

  private static boolean isCounts(Counts each, long sum) {
    return each.rejected() >= 0
        && each.falseAlarms() >= 0
        && each.missed() >= 0
        && each.hits() >= 0
        && each.count() == sum;
  }

  private static boolean isCounts(long[][] rows, int height, int width, long sum) {
    return rows.length == height
        && Arrays.stream(rows).allMatch(row -> row.length == width)
        && Arrays.stream(rows).flatMapToLong(Arrays::stream).allMatch(count -> count >= 0)
        && Arrays.stream(rows).flatMapToLong(Arrays::stream).sum() == sum;
  }
}
