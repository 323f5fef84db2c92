// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;
import java.util.Set;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;

/** Names of the rates that an {@link Evaluation} gives, the main one of a kind of label first. */
public final class Metrics {
  private static final String AUC = "auc";
  private static final String LOSS = "loss";
  private static final String ECE = "ece";
  private static final String BRIER = "brier";

  /** Those that a score histogram gives. */
  private static final Set<String> OF_SCORES = Set.of(AUC, ECE, BRIER);

  private static final List<String> OF_A_CLASS =
      List.of(
          "balanced-accuracy",
          "accuracy",
          LOSS,
          AUC,
          "f1",
          "macro-f1",
          "precision",
          "recall",
          ECE,
          BRIER);
  private static final List<String> OF_CLASSES =
      List.of("macro-f1", "balanced-accuracy", "accuracy", LOSS, "precision", "recall");
  private static final List<String> OF_A_VALUE = List.of("rmse", "mae", LOSS);
  private static final String ALARM_RATE = "alarm-rate";
  private static final List<String> OF_ANOMALIES =
      List.of(LOSS, ALARM_RATE, AUC, "f1", "precision", "recall", "balanced-accuracy");

  private Metrics() {}

  /** Those of a kind of label. */
  public static List<String> of(Target.Kind kind) {
    return switch (kind) {
      case CLASS -> OF_A_CLASS;
      case CLASSES -> OF_CLASSES;
      case VALUE -> OF_A_VALUE;
      case ANOMALY -> OF_ANOMALIES;
    };
  }

  /** Those of a kind of label that need no score histogram, which is not kept for every version. */
  public static List<String> ofCounts(Target.Kind kind) {
    return of(kind).stream().filter(each -> !OF_SCORES.contains(each)).toList();
  }

  /**
   * Those by which versions can be compared: not the share of alarms, which the threshold of each
   * version makes the same, and without labels nothing but the loss.
   */
  public static List<String> ofVersions(LabelSpec label) {
    if (label.isAnomaly() && label.classes().isEmpty()) {
      return List.of(LOSS);
    }
    return of(label.target().kind()).stream().filter(each -> !each.equals(ALARM_RATE)).toList();
  }

  /** True if less is better. */
  public static boolean isError(String name) {
    return switch (name) {
      case LOSS, "rmse", "mae", ECE, BRIER, ALARM_RATE -> true;
      default -> false;
    };
  }

  /** True if one value is better than another; a value that is no number is never better. */
  public static boolean isBetter(String name, double value, double than) {
    return isError(name) ? value < than : value > than;
  }
}
