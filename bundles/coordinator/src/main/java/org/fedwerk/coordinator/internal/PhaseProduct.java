// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.message.ModelReference;
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
   */
  record Candidate(
      ModelReference model, Digest base, List<String> contributors, List<Double> weights) {
    /** Its chunks and the pieces of their list. */
    List<Digest> blobs() {
      return model.parameters().blobs();
    }
  }

  byte[] encode() {
    return new StateWriter(TYPE)
        .maybe(
            candidate,
            (out, made) -> {
              Fields.model(out, made.model());
              out.digest(made.base()).list(made.contributors(), StateWriter::text);
              out.list(made.weights(), StateWriter::real);
            })
        .map(metrics, StateWriter::real)
        .map(evaluations, Fields::evaluation)
        .record();
  }

  static PhaseProduct decode(byte[] bytes) {
    StateReader in = new StateReader("a phase's product", bytes);
    return new PhaseProduct(
        in.maybe(
            from ->
                new Candidate(
                    Fields.model(from),
                    from.digest(),
                    from.list(StateReader::text),
                    from.list(StateReader::real))),
        in.map(StateReader::real),
        in.map(Fields::evaluation));
  }

  List<Digest> blobs() {
    return candidate.map(Candidate::blobs).orElse(List.of());
  }
}
