// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * How many values there are, their mean, and their population variance: the mean of the squared
 * differences from that mean.
 *
 * @param count how many, from 0
 * @param mean finite, in the values' unit; 0 if there are none
 * @param variance finite, from 0; 0 if there are none
 */
public record Moments(long count, double mean, double variance) {
  /** Of no values. */
  public static final Moments NONE = new Moments(0, 0, 0);

  public Moments {
    boolean isFinite = Double.isFinite(mean) && Double.isFinite(variance);
    if (count < 0 || !isFinite || variance < 0 || (count == 0 && (mean != 0 || variance != 0))) {
      throw new IllegalArgumentException(
          "count, mean and variance are numbers, count and variance from 0; of no values all are 0");
    }
  }

  /**
   * Those of both sets of values together, by the update of Chan, Golub and LeVeque (1983,
   * "Algorithms for computing the sample variance", equation 2.1): with d the difference of the
   * means, {@code M2 = M2a + M2b + d^2 na nb / (na + nb)}, M2 being count times variance. Not
   * exactly associative, so whoever wants the same bits adds in the same order.
   *
   * @throws ArithmeticException if the counts add up to more than 63 bits
   */
  public Moments plus(Moments other) {
    if (other.count == 0) {
      return this;
    }
    if (count == 0) {
      return other;
    }
    long all = Math.addExact(count, other.count);
    double share = (double) other.count / all;
    double apart = other.mean - mean;
    // Each over the common count at once: count times variance may be beyond what a float64 holds.
    double within = variance * ((double) count / all) + other.variance * share;
    double between = apart * apart * ((double) count / all) * share;
    return new Moments(all, mean + apart * share, within + between);
  }

  /** The population standard deviation. */
  public double deviation() {
    return Math.sqrt(variance);
  }
}
