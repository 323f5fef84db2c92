// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
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
   */
  record Candidate(
      ModelReference model,
      Digest base,
      List<String> contributors,
      List<Double> weights,
      List<Section> state) {
    private Candidate with(
        List<Section> kept, Optional<ModelChange> change, List<Moments> statistics) {
      ModelReference whole = model.with(change).with(statistics);
      return new Candidate(whole, base, contributors, weights, kept);
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
    return Fields.statistics(record, statistics).record();
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
    return new PhaseProduct(
        made.map(each -> each.with(state, change, statistics)), metrics, evaluations);
  }

  List<Digest> blobs() {
    return candidate.map(Candidate::blobs).orElse(List.of());
  }
}
