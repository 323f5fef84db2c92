// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.task.Task;

/**
 * What a site whose owner allows it tells of the labels of its training examples. No number that
 * fewer examples than the task's least count stand behind is told, nor can one be reckoned from
 * those that are. Pure.
 */
final class SharedLabels {
  private SharedLabels() {}

  /** Empty if there is nothing to tell: too few examples, or a label that nobody learns. */
  static Optional<LabelStatistics> of(Task task, LabelledInputs inputs) {
    LabelSpec label = task.schema().label();
    int least = task.leastCount();
    if (inputs.count() < least) {
      return Optional.empty();
    }
    return switch (label.target().kind()) {
      case CLASS -> told(exclusive(inputs.classes(), label.classes().size(), least));
      case CLASSES -> told(overlapping(inputs, label.classes().size(), least));
      case VALUE -> Optional.of(LabelStatistics.ofValue(moments(label.target(), inputs.targets())));
      case ANOMALY -> Optional.empty();
    };
  }

  private static Optional<LabelStatistics> told(long[] counts) {
    List<Long> classes = Arrays.stream(counts).boxed().toList();
    return classes.stream().anyMatch(count -> count > 0)
        ? Optional.of(LabelStatistics.ofClasses(classes))
        : Optional.empty();
  }

  /**
   * Of classes that add up to all examples, whose number the update's weight tells: what is kept
   * back must be enough together, so the smallest of the others may have to be kept back too
   * (complementary suppression; Cox 1980, "Suppression Methodology and Statistical Disclosure
   * Control").
   */
  private static long[] exclusive(int[] classes, int known, int least) {
    long[] counts = new long[known];
    Arrays.stream(classes).forEach(each -> counts[each]++);
    List<Integer> ascending = new ArrayList<>();
    for (int k = 0; k < known; k++) {
      ascending.add(k);
    }
    ascending.sort((a, b) -> Long.compare(counts[a], counts[b]));
    long kept = 0;
    for (int k : ascending) {
      if (counts[k] < least || (kept > 0 && kept < least)) {
        kept += counts[k];
        counts[k] = 0;
      }
    }
    return counts;
  }

  /** Of classes that an example may have or not, each by itself: of both there must be enough. */
  private static long[] overlapping(LabelledInputs inputs, int known, int least) {
    long[] counts = new long[known];
    for (int i = 0; i < inputs.targets().length; i++) {
      counts[i % known] += inputs.targets()[i] > 0 ? 1 : 0;
    }
    for (int k = 0; k < known; k++) {
      long without = inputs.count() - counts[k];
      if (counts[k] < least || (without > 0 && without < least)) {
        counts[k] = 0;
      }
    }
    return counts;
  }

  private static Moments moments(Target target, float[] scaled) {
    double mean = 0;
    for (float each : scaled) {
      mean += target.value(each) / scaled.length;
    }
    double variance = 0;
    for (float each : scaled) {
      double apart = target.value(each) - mean;
      variance += apart * apart / scaled.length;
    }
    return new Moments(scaled.length, mean, variance);
  }
}
