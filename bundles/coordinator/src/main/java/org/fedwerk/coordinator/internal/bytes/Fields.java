// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.bytes;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.ModelVersion;

/** Values of the api as fields of this room's records. */
public final class Fields {
  private Fields() {}

  public static void section(StateWriter out, Section section) {
    out.text(section.name()).text(section.encoding()).text(section.disclosure().name());
    out.list(
        section.chunks(),
        (to, chunk) ->
            to.number(chunk.from())
                .number(chunk.count())
                .number(chunk.bytes())
                .digest(chunk.digest()));
  }

  public static Section section(StateReader in) {
    return new Section(
        in.text(),
        in.text(),
        Disclosure.valueOf(in.text()),
        in.list(from -> new Chunk(from.integer(), from.integer(), from.integer(), from.digest())));
  }

  /** Sections at the end of a record. */
  public static StateWriter sections(StateWriter out, List<Section> sections) {
    return out.list(sections, Fields::section);
  }

  /** Sections at the end of a record; none in one of an older program, which ends before them. */
  public static List<Section> sections(StateReader in) {
    return in.isAtEnd() ? List.of() : in.list(Fields::section);
  }

  /** How a model is made of another, at the end of a record. */
  public static StateWriter change(StateWriter out, Optional<ModelChange> change) {
    return out.maybe(
        change,
        (to, each) -> {
          to.digest(each.base());
          section(to, each.values());
        });
  }

  /** The same; none in a record of an older program, which ends before it. */
  public static Optional<ModelChange> change(StateReader in) {
    return in.isAtEnd()
        ? Optional.empty()
        : in.maybe(from -> new ModelChange(from.digest(), section(from)));
  }

  /** Statistics at the end of a record. */
  public static StateWriter statistics(StateWriter out, List<Moments> statistics) {
    return out.list(statistics, Fields::moments);
  }

  private static void moments(StateWriter out, Moments each) {
    out.number(each.count()).real(each.mean()).real(each.variance());
  }

  private static Moments moments(StateReader in) {
    return new Moments(in.number(), in.real(), in.real());
  }

  /** The same; none in a record of an older program, which ends before them. */
  public static List<Moments> statistics(StateReader in) {
    return in.isAtEnd() ? List.of() : in.list(Fields::moments);
  }

  /** What a site told of labels, at the end of a record. */
  public static StateWriter labels(StateWriter out, Optional<LabelStatistics> labels) {
    return out.maybe(labels, Fields::told);
  }

  /** The same; none in a record of an older program, which ends before it. */
  public static Optional<LabelStatistics> labels(StateReader in) {
    return in.isAtEnd() ? Optional.empty() : in.maybe(Fields::told);
  }

  /** What contributors told of labels, at the end of a record. */
  public static StateWriter labelsBySite(StateWriter out, Map<String, LabelStatistics> labels) {
    return out.map(labels, Fields::told);
  }

  /** The same; none in a record of an older program, which ends before it. */
  public static Map<String, LabelStatistics> labelsBySite(StateReader in) {
    return in.isAtEnd() ? Map.of() : in.map(Fields::told);
  }

  private static void told(StateWriter out, LabelStatistics labels) {
    out.list(labels.classes(), StateWriter::number);
    moments(out, labels.value());
  }

  private static LabelStatistics told(StateReader in) {
    return new LabelStatistics(in.list(StateReader::number), moments(in));
  }

  public static void model(StateWriter out, ModelReference model) {
    out.number(model.version()).digest(model.digest()).digest(model.layout());
    section(out, model.parameters());
  }

  public static ModelReference model(StateReader in) {
    return new ModelReference(in.integer(), in.digest(), in.digest(), section(in));
  }

  public static void version(StateWriter out, ModelVersion version) {
    out.digest(version.task()).number(version.version());
    out.digest(version.digest()).digest(version.base());
    out.list(version.contributors(), StateWriter::text);
    out.list(version.weights(), StateWriter::real);
    out.real(version.metric());
  }

  public static ModelVersion version(StateReader in) {
    return new ModelVersion(
        in.digest(),
        in.integer(),
        in.digest(),
        in.digest(),
        in.list(StateReader::text),
        in.list(StateReader::real),
        in.real());
  }

  public static void metric(StateWriter out, Metric metric) {
    out.text(metric.name()).real(metric.value()).number(metric.count());
    out.text(metric.disclosure().name());
  }

  public static Metric metric(StateReader in) {
    return new Metric(in.text(), in.real(), in.number(), Disclosure.valueOf(in.text()));
  }

  public static void evaluation(StateWriter out, Evaluation evaluation) {
    out.number(evaluation.count()).real(evaluation.lossSum());
    counts(out, evaluation.confusion());
    counts(out, evaluation.scoreHistogram());
    if (evaluation.confusion().length == 0) {
      out.list(evaluation.labels(), Fields::label);
      out.real(evaluation.errors().squared()).real(evaluation.errors().absolute());
    }
  }

  private static void label(StateWriter out, Counts counts) {
    out.number(counts.rejected()).number(counts.falseAlarms());
    out.number(counts.missed()).number(counts.hits());
  }

  private static Counts label(StateReader in) {
    return new Counts(in.number(), in.number(), in.number(), in.number());
  }

  public static Evaluation evaluation(StateReader in) {
    long count = in.number();
    double lossSum = in.real();
    long[][] confusion = counts(in);
    long[][] histogram = counts(in);
    // What learned one class each has always had a matrix, and nothing behind it.
    return confusion.length > 0
        ? new Evaluation(count, lossSum, confusion, histogram)
        : new Evaluation(
            count,
            lossSum,
            confusion,
            histogram,
            in.list(Fields::label),
            new Errors(in.real(), in.real()));
  }

  private static void counts(StateWriter out, long[][] rows) {
    out.list(
        Arrays.asList(rows),
        (to, row) -> to.list(Arrays.stream(row).boxed().toList(), StateWriter::number));
  }

  private static long[][] counts(StateReader in) {
    List<long[]> rows =
        in.list(
            from -> from.list(StateReader::number).stream().mapToLong(Long::longValue).toArray());
    return rows.toArray(long[][]::new);
  }
}
