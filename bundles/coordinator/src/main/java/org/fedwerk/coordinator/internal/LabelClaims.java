// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;

/** Says whether what a site tells of its training labels can be. Pure. */
final class LabelClaims {
  private LabelClaims() {}

  /**
   * Why it cannot be; empty if it can.
   *
   * @param examples the site's training examples
   */
  static Optional<String> why(LabelSpec label, double examples, LabelStatistics told) {
    List<Long> counts = told.classes();
    boolean fits =
        switch (label.target().kind()) {
          case CLASS ->
              isOfClasses(label, told) && counts.stream().mapToDouble(n -> n).sum() <= examples;
          case CLASSES -> isOfClasses(label, told) && counts.stream().allMatch(n -> n <= examples);
          case VALUE ->
              counts.isEmpty() && told.value().count() > 0 && told.value().count() <= examples;
          case ANOMALY -> false;
        };
    return fits
        ? Optional.empty()
        : Optional.of(
            "what is told of labels cannot be that of "
                + (long) examples
                + " examples of the task");
  }

  private static boolean isOfClasses(LabelSpec label, LabelStatistics told) {
    return told.classes().size() == label.classes().size() && told.value().equals(Moments.NONE);
  }
}
