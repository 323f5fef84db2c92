// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.coordinator.internal.bytes.Fields;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * What the fold of a phase made, kept as a blob until its round is committed.
 *
 * @param candidate a new model, not committed yet
 * @param metrics numbers over all sites, by name
 * @param evaluations counts per site
 */
record PhaseProduct(
    Optional<Candidate> candidate,
    Map<String, Double> metrics,
    Map<String, Evaluation> evaluations) {
  private static final int TYPE = 1;

  /**
   * A model that an aggregation made.
   *
   * @param model the model; its version is the round
   * @param base digest of the model it was made from
   * @param contributors site ids, ascending
   * @param weights theirs, same order
   * @param state of the server optimizer after the step that made it, and what the coded change to
   *     it left out; never leaves
   * @param labels what contributors told of their training labels, by the names in {@code
   *     contributors}
   */
  record Candidate(
      ModelReference model,
      Digest base,
      List<String> contributors,
      List<Double> weights,
      List<Section> state,
      Map<String, LabelStatistics> labels) {
    /** A model of which nothing is told of labels. */
    Candidate(
        ModelReference model,
        Digest base,
        List<String> contributors,
        List<Double> weights,
        List<Section> state) {
      this(model, base, contributors, weights, state, Map.of());
    }

    private Candidate with(
        List<Section> kept,
        Optional<ModelChange> change,
        List<Moments> statistics,
        Map<String, LabelStatistics> told) {
      ModelReference whole = model.with(change).with(statistics);
      return new Candidate(whole, base, contributors, weights, kept, told);
    }

    /** Its chunks and the pieces of their list, which sites may have. */
    List<Digest> served() {
      return model.blobs();
    }

    /** All that is kept for it. */
    List<Digest> blobs() {
      return Stream.concat(
              served().stream(), state.stream().flatMap(section -> section.blobs().stream()))
          .toList();
    }
  }

  byte[] encode() {
    StateWriter record =
        new StateWriter(TYPE)
            .maybe(
                candidate,
                (out, made) -> {
                  Fields.model(out, made.model());
                  out.digest(made.base()).list(made.contributors(), StateWriter::text);
                  out.list(made.weights(), StateWriter::real);
                })
            .map(metrics, StateWriter::real)
            .map(evaluations, Fields::evaluation);
    Fields.sections(record, candidate.map(Candidate::state).orElse(List.of()));
    Fields.change(record, candidate.flatMap(made -> made.model().change()));
    List<Moments> statistics = candidate.map(made -> made.model().statistics()).orElse(List.of());
    Fields.statistics(record, statistics);
    return Fields.labelsBySite(record, candidate.map(Candidate::labels).orElse(Map.of())).record();
  }

  static PhaseProduct decode(byte[] bytes) {
    StateReader in = new StateReader("a phase's product", bytes);
    Optional<Candidate> made =
        in.maybe(
            from ->
                new Candidate(
                    Fields.model(from),
                    from.digest(),
                    from.list(StateReader::text),
                    from.list(StateReader::real),
                    List.of()));
    Map<String, Double> metrics = in.map(StateReader::real);
    Map<String, Evaluation> evaluations = in.map(Fields::evaluation);
    List<Section> state = Fields.sections(in);
    Optional<ModelChange> change = Fields.change(in);
    List<Moments> statistics = Fields.statistics(in);
    Map<String, LabelStatistics> labels = Fields.labelsBySite(in);
    return new PhaseProduct(
        made.map(each -> each.with(state, change, statistics, labels)), metrics, evaluations);
  }

  List<Digest> blobs() {
    return candidate.map(Candidate::blobs).orElse(List.of());
  }
}
