// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;

/** What the labels of a site's examples say. Pure. */
final class LabelFindings {
  private static final String UNIT = "training examples";

  private final LabelSpec label;
  private final List<Example> examples;
  private final int few;

  /**
   * Of examples.
   *
   * @param few fewer training examples than that of a class are worth a look
   */
  LabelFindings(LabelSpec label, List<Example> examples, int few) {
    this.label = label;
    this.examples = examples;
    this.few = few;
  }

  /** A row for each class, or for the number that is learned. */
  List<Finding> rows() {
    return switch (label.target().kind()) {
      case CLASS -> classes((example, k) -> example.classIndex() == k);
      case CLASSES -> classes((example, k) -> example.target().values()[k] > 0);
      case VALUE -> List.of(number());
      case ANOMALY -> normality();
    };
  }

  /** True if all training labels say the same, and there are any; never in anomaly detection. */
  boolean isAlike() {
    return !label.isAnomaly()
        && examples.stream()
                .filter(each -> each.role() == DataRole.TRAIN)
                .map(this::said)
                .distinct()
                .count()
            == 1;
  }

  private String said(Example example) {
    return label.isClass()
        ? Integer.toString(example.classIndex())
        : Arrays.toString(example.target().values());
  }

  private interface Membership {
    boolean has(Example example, int classIndex);
  }

  private List<Finding> classes(Membership membership) {
    List<Finding> rows = new ArrayList<>();
    for (int k = 0; k < label.classes().size(); k++) {
      int at = k;
      long train = count(DataRole.TRAIN, each -> membership.has(each, at));
      long validation = count(DataRole.VALIDATION, each -> membership.has(each, at));
      long others = count(DataRole.TRAIN, each -> !membership.has(each, at));
      String words = validation + " for validation";
      if (train == 0) {
        words += "; this site can learn nothing of it";
      } else if (others == 0) {
        words += "; every training example is one";
      }
      rows.add(
          new Finding(
              "label " + label.classes().get(k),
              train,
              UNIT,
              words,
              "at least " + few,
              train < few || others == 0 ? Verdict.NOTICE : Verdict.MET));
    }
    return rows;
  }

  private long count(DataRole role, Predicate<Example> which) {
    return examples.stream().filter(each -> each.role() == role).filter(which).count();
  }

  private Finding number() {
    double[] values =
        examples.stream()
            .filter(each -> each.role() == DataRole.TRAIN)
            .mapToDouble(each -> each.target().values()[0])
            .toArray();
    String name = "label " + label.name();
    if (values.length == 0) {
      return Finding.said(name, "no training example", "", Verdict.NOTICE);
    }
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(each -> (each - mean) * (each - mean)).sum();
    String words =
        String.format(
            Locale.ROOT,
            "mean of %d training examples, standard deviation %.4g, from %.4g to %.4g",
            values.length,
            Math.sqrt(squares / values.length),
            Arrays.stream(values).min().orElse(Double.NaN),
            Arrays.stream(values).max().orElse(Double.NaN));
    return new Finding(name, mean, label.target().unit(), words, "", Verdict.NONE);
  }

  private List<Finding> normality() {
    long defects = examples.stream().filter(each -> each.classIndex() == Example.DEFECT).count();
    long normal = examples.stream().filter(each -> each.classIndex() == 0).count();
    long unlabelled = examples.size() - defects - normal;
    return List.of(
        new Finding("label normal", normal, "examples", "", "", Verdict.NONE),
        new Finding("label defect", defects, "examples", "never trained on", "", Verdict.NONE),
        new Finding("no label", unlabelled, "examples", "count as normal", "", Verdict.NONE));
  }
}
