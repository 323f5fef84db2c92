// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;

/**
 * What a site tells of the labels of its training examples, where its owner lets that leave.
 *
 * @param classes of a label of one or several classes how many examples have each, in the schema's
 *     order; 0 where none has, and where the number is kept back because too few have. Empty of a
 *     number
 * @param value of a number count, mean and variance in its unit; {@link Moments#NONE} of classes
 */
public record LabelStatistics(List<Long> classes, Moments value) {
  public LabelStatistics {
    classes = List.copyOf(classes);
    if (classes.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("examples of a class are counted from 0");
    }
  }

  /** Of classes. */
  public static LabelStatistics ofClasses(List<Long> counts) {
    return new LabelStatistics(counts, Moments.NONE);
  }

  /** Of a number. */
  public static LabelStatistics ofValue(Moments value) {
    return new LabelStatistics(List.of(), value);
  }
}
