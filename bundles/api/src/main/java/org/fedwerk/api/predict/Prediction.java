// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.predict;

import java.time.Instant;
import java.util.List;
import org.fedwerk.api.Digest;

/**
 * What a deployment says of one part.
 *
 * @param task the task's name
 * @param serial the part
 * @param predicted class name; of a label of several classes their names joined by +, or - for
 *     none; of a number the number in the label's unit, as decimal text; in anomaly detection
 *     {@code normal} or {@code anomaly}; empty if there is none
 * @param probability probability of the predicted class, 0 to 1; of several classes that of the
 *     least certain one; of a number or an anomaly score NaN
 * @param probabilities one per class, in the schema's order; none for a number or a score
 * @param threshold probability from which the last class is predicted in two-class tasks, 0 to 1; 0
 *     where the largest probability wins; in anomaly detection the score above which a part is an
 *     anomaly
 * @param modelVersion version of the global model
 * @param digest global digest
 * @param localRevision revision of what is local to the site
 * @param sequence counts up by one per prediction of a task at this site, across restarts
 * @param trust if it can be trusted
 * @param sourceTime source time of the input's end
 * @param missing share of missing input values, 0 to 1
 * @param score anomaly score, from 0; NaN in any other task, and if there is none
 * @param alarm true if somebody should look: another class than the first is predicted, any of
 *     several, or an anomaly; never for a number or without a prediction
 */
public record Prediction(
    String task,
    String serial,
    String predicted,
    double probability,
    List<Double> probabilities,
    double threshold,
    int modelVersion,
    Digest digest,
    int localRevision,
    long sequence,
    Trust trust,
    Instant sourceTime,
    double missing,
    double score,
    boolean alarm) {
  public Prediction {
    probabilities = List.copyOf(probabilities);
  }

  /** No alarm, and no anomaly score. */
  public Prediction(
      String task,
      String serial,
      String predicted,
      double probability,
      List<Double> probabilities,
      double threshold,
      int modelVersion,
      Digest digest,
      int localRevision,
      long sequence,
      Trust trust,
      Instant sourceTime,
      double missing) {
    this(
        task,
        serial,
        predicted,
        probability,
        probabilities,
        threshold,
        modelVersion,
        digest,
        localRevision,
        sequence,
        trust,
        sourceTime,
        missing,
        Double.NaN,
        false);
  }

  /**
   * The predicted number in the label's unit, or the anomaly score; NaN if classes are predicted,
   * or nothing.
   */
  public double value() {
    if (!Double.isNaN(score)) {
      return score;
    }
    return Double.isNaN(probability) && !predicted.isEmpty()
        ? Double.parseDouble(predicted)
        : Double.NaN;
  }

  /** Becomes the OPC UA status: Good, Uncertain or Bad. */
  public enum Trust {
    GOOD,
    UNCERTAIN,
    BAD
  }
}
