// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.message.Section;
import org.fedwerk.coordinator.internal.replies.UpdateReader;

/**
 * Folds updates into a model's parameters, one range of all updates after the other: in memory are
 * the model and one range per site. What is decoded goes into the same arrays for every range; with
 * fresh ones the fold would spend a quarter of its time on memory that the caches do not hold.
 */
public final class RangeFold {
  /** The aggregate itself is added. */
  static final Step AS_IT_IS = (range, from, updates, delta) -> delta;

  private final Aggregator aggregator;
  private final Function<Digest, byte[]> blobs;
  private final UpdateReader reader;

  /**
   * A fold by one rule.
   *
   * @param aggregator the rule
   * @param blobs gives the bytes of a chunk
   * @param reader reads them
   */
  public RangeFold(Aggregator aggregator, Function<Digest, byte[]> blobs, UpdateReader reader) {
    this.aggregator = aggregator;
    this.blobs = blobs;
    this.reader = reader;
  }

  /**
   * Adds the aggregate of the updates to the parameters: {@code x' = (float)(base + delta)}.
   *
   * @param parameters the base, changed in place; after an exception they are of no use
   * @param updates in ascending order of sites, all in the ranges that the reader reads
   * @param weights one per update
   * @throws ArithmeticException if a parameter is not finite any more
   * @throws IllegalArgumentException if the aggregator refuses the updates
   */
  public void fold(float[] parameters, List<Section> updates, double[] weights) {
    double[] factors = new double[weights.length];
    Arrays.fill(factors, 1);
    fold(parameters, updates, weights, factors);
  }

  /**
   * The same, with each update scaled before the rule sees it.
   *
   * @param factors one per update
   */
  public void fold(float[] parameters, List<Section> updates, double[] weights, double[] factors) {
    fold(parameters, updates, weights, factors, AS_IT_IS);
  }

  /** What becomes of the aggregate of a range before it is added to the parameters. */
  interface Step {
    /**
     * Called once for each range, in their order.
     *
     * @param range its number
     * @param from its first element
     * @param updates the updates' values, scaled
     * @param delta the aggregate; may be changed
     * @return what is added
     */
    double[] of(int range, int from, List<float[]> updates, double[] delta);
  }

  /** The same, with a step between the rule and the parameters. */
  void fold(
      float[] parameters, List<Section> updates, double[] weights, double[] factors, Step step) {
    float[][] range = new float[updates.size()][0];
    int most = reader.rangeElements();
    for (int index = 0, from = 0; from < parameters.length; index++, from += most) {
      int count = Math.min(most, parameters.length - from);
      for (int site = 0; site < range.length; site++) {
        range[site] = decoded(updates.get(site), from, count, range[site]);
        scale(range[site], factors[site]);
      }
      List<float[]> values = Arrays.asList(range);
      double[] delta = aggregator.aggregate(values, weights);
      add(step.of(index, from, values, delta), parameters, from);
    }
  }

  /**
   * Inner products of updates, in float64, one range of all of them after the other.
   *
   * @return [update][update], symmetric
   */
  double[][] gram(List<Section> updates) {
    double[][] gram = new double[updates.size()][updates.size()];
    float[][] range = new float[updates.size()][0];
    int most = reader.rangeElements();
    for (int from = 0; from < updates.get(0).size(); from += most) {
      int count = Math.min(most, updates.get(0).size() - from);
      for (int k = 0; k < range.length; k++) {
        range[k] = decoded(updates.get(k), from, count, range[k]);
        for (int other = 0; other <= k; other++) {
          gram[k][other] += dot(range[k], range[other]);
          gram[other][k] = gram[k][other];
        }
      }
    }
    return gram;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Sum of the squares of an update's values, in float64. */
  double squaredNorm(Section update) {
    double sum = 0;
    float[] range = new float[0];
    int most = reader.rangeElements();
    for (int from = 0; from < update.size(); from += most) {
      range = decoded(update, from, Math.min(most, update.size() - from), range);
      for (float value : range) {
        sum += (double) value * value;
      }
    }
    return sum;
  }

  private float[] decoded(Section update, int from, int count, float[] before) {
    float[] values = before.length == count ? before : new float[count];
    reader.read(update, blobs, from, values);
    return values;
  }

  private static void scale(float[] values, double factor) {
    if (factor != 1) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * factor);
      }
    }
  }

  private static void add(double[] delta, float[] parameters, int from) {
    for (int i = 0; i < delta.length; i++) {
      float sum = (float) (parameters[from + i] + delta[i]);
      if (!Float.isFinite(sum)) {
        throw new ArithmeticException("the aggregate is not finite at element " + (from + i));
      }
      parameters[from + i] = sum;
    }
  }
}
