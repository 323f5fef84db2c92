// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Sums over examples of a number that is predicted, in the label's unit.
 *
 * @param squared sum of squared errors
 * @param absolute sum of absolute errors
 */
public record Errors(double squared, double absolute) {
  /** Of no example. */
  public static final Errors NONE = new Errors(0, 0);

  /** The sum of both. */
  public Errors plus(Errors other) {
    return new Errors(squared + other.squared, absolute + other.absolute);
  }
}
