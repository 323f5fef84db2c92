// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;

/**
 * Counts that can be summed over sites; rates are computed from sums only.
 *
 * @param count examples; of anomalies those that count as normal
 * @param lossSum sum of the loss over them, natural logarithm in cross-entropy, numbers scaled as
 *     the target
 * @param confusion [actual class x predicted class] counts; of a label that is not one class [0 x
 *     0]
 * @param scoreHistogram [2 x 256]: counts of the probability of the highest class index (for two
 *     classes: the second class), in 256 equal bins of [0, 1]; row 0 where the actual class is
 *     another, row 1 where it is that class. Of anomalies s / (s + t) of a score s and the site's
 *     threshold t, row 0 of normal parts, row 1 of defects. Zeros for any other label
 * @param labels of a label of several classes: of each class, in the schema's order; of anomalies
 *     one, of defects; else none
 * @param errors of a number; else of no example
 */
public record Evaluation(
    long count,
    double lossSum,
    long[][] confusion,
    long[][] scoreHistogram,
    List<Counts> labels,
    Errors errors) {
  /** Bins of a score histogram. */
  public static final int BINS = 256;

  /** Bins over which calibration is looked at. */
  private static final int CALIBRATION_BINS = 16;

  public Evaluation {
    labels = List.copyOf(labels);
  }

  /** Of labels that are one class. */
  public Evaluation(long count, double lossSum, long[][] confusion, long[][] scoreHistogram) {
    this(count, lossSum, confusion, scoreHistogram, List.of(), Errors.NONE);
  }

  /** Of a label of several classes. */
  public static Evaluation ofLabels(long count, double lossSum, List<Counts> labels) {
    return new Evaluation(count, lossSum, new long[0][0], new long[2][BINS], labels, Errors.NONE);
  }

  /** Of a number. */
  public static Evaluation ofErrors(long count, double lossSum, Errors errors) {
    return new Evaluation(count, lossSum, new long[0][0], new long[2][BINS], List.of(), errors);
  }

  /**
   * Of anomaly scores.
   *
   * @param lossSum sum of the scores of normal parts
   * @param defects of parts labelled as defects, against all others
   * @param scoreHistogram [2 x 256], as above
   */
  public static Evaluation ofAnomalies(double lossSum, Counts defects, long[][] scoreHistogram) {
    long normal = defects.rejected() + defects.falseAlarms();
    return new Evaluation(
        normal, lossSum, new long[0][0], scoreHistogram, List.of(defects), Errors.NONE);
  }

  /** No example yet. */
  public static Evaluation none(int classes) {
    return new Evaluation(0, 0, new long[classes][classes], new long[2][BINS]);
  }

  /** No example of a label yet. */
  public static Evaluation none(LabelSpec label) {
    return switch (label.target().kind()) {
      case CLASS -> none(label.outputs());
      case CLASSES ->
          ofLabels(0, 0, label.classes().stream().map(each -> new Counts(0, 0, 0, 0)).toList());
      case VALUE -> ofErrors(0, 0, Errors.NONE);
      case ANOMALY -> ofAnomalies(0, new Counts(0, 0, 0, 0), new long[2][BINS]);
    };
  }

  /** The sum of two evaluations of the same label. */
  public Evaluation plus(Evaluation other) {
    if (confusion.length != other.confusion.length || labels.size() != other.labels.size()) {
      throw new IllegalArgumentException(
          "evaluations of "
              + Math.max(confusion.length, labels.size())
              + " and "
              + Math.max(other.confusion.length, other.labels.size())
              + " classes");
    }
    List<Counts> both = new ArrayList<>();
    for (int k = 0; k < labels.size(); k++) {
      both.add(labels.get(k).plus(other.labels.get(k)));
    }
    return new Evaluation(
        count + other.count,
        lossSum + other.lossSum,
        sum(confusion, other.confusion),
        sum(scoreHistogram, other.scoreHistogram),
        both,
        errors.plus(other.errors));
  }

  private static long[][] sum(long[][] a, long[][] b) {
    long[][] sum = new long[a.length][];
    for (int row = 0; row < a.length; row++) {
      sum[row] = new long[a[row].length];
      for (int column = 0; column < a[row].length; column++) {
        sum[row][column] = a[row][column] + b[row][column];
      }
    }
    return sum;
  }

  /** Mean loss; NaN without examples. */
  public double loss() {
    return count == 0 ? Double.NaN : lossSum / count;
  }

  /**
   * Share of right predictions, of several classes share of right answers over all of them; NaN
   * without examples.
   */
  public double accuracy() {
    if (!labels.isEmpty()) {
      return mean(labels, each -> (double) (each.hits() + each.rejected()) / each.count());
    }
    long right = 0;
    for (int k = 0; k < confusion.length; k++) {
      right += confusion[k][k];
    }
    return count == 0 || confusion.length == 0 ? Double.NaN : (double) right / count;
  }

  /**
   * Mean recall over the classes that occur; of several classes the mean over those that occur of
   * the mean of recall and specificity. NaN without examples.
   */
  public double balancedAccuracy() {
    return labels.isEmpty()
        ? mean(occurring(), Counts::recall)
        : mean(occurring(), each -> (each.recall() + each.specificity()) / 2);
  }

  /** Mean F1 over the classes that occur; NaN without examples. */
  public double macroF1() {
    return mean(occurring(), Counts::f1);
  }

  /** F1 of the second class of two, of more classes the mean over those that occur. */
  public double f1() {
    return positive(Counts::f1);
  }

  /** Precision of the second class of two, of more classes the mean over those that occur. */
  public double precision() {
    return positive(Counts::precision);
  }

  /** Recall of the second class of two, of more classes the mean over those that occur. */
  public double recall() {
    return positive(Counts::recall);
  }

  private double positive(ToDoubleFunction<Counts> rate) {
    return confusion.length == 2
        ? count == 0 ? Double.NaN : rate.applyAsDouble(Counts.of(confusion).get(1))
        : mean(occurring(), rate);
  }

  private List<Counts> occurring() {
    return (labels.isEmpty() ? Counts.of(confusion) : labels)
        .stream().filter(each -> each.actual() > 0).toList();
  }

  private static double mean(List<Counts> all, ToDoubleFunction<Counts> rate) {
    return all.stream().mapToDouble(rate).average().orElse(Double.NaN);
  }

  /**
   * Area under the receiver operating characteristic of the highest class index against all others,
   * of anomalies of defects against normal parts, from the histogram: examples of one bin count as
   * tied. NaN where one of the two is absent.
   */
  public double auc() {
    double below = 0;
    double wins = 0;
    for (int bin = 0; bin < scoreHistogram[0].length; bin++) {
      wins += scoreHistogram[1][bin] * (below + scoreHistogram[0][bin] / 2.0);
      below += scoreHistogram[0][bin];
    }
    long positives = Arrays.stream(scoreHistogram[1]).sum();
    return positives == 0 || below == 0 ? Double.NaN : wins / (below * positives);
  }

  /** Share of alarms among the parts that count as normal; NaN without any. */
  public double alarmRate() {
    return count == 0 || labels.size() != 1
        ? Double.NaN
        : (double) labels.get(0).falseAlarms() / count;
  }

  /**
   * Expected calibration error (Naeini et al. 2015, Guo et al. 2017) of the probability of the
   * highest class index: over {@value #CALIBRATION_BINS} equal bins of [0, 1] the mean distance of
   * mean probability and share of that class, weighted by examples; 0 to 1. From the histogram,
   * where a probability is the middle of its bin: right to 1/512. NaN without examples.
   */
  public double ece() {
    int width = BINS / CALIBRATION_BINS;
    double apart = 0;
    long all = 0;
    for (int from = 0; from < scoreHistogram[0].length; from += width) {
      double probability = 0;
      long positives = 0;
      for (int bin = from; bin < from + width; bin++) {
        long here = scoreHistogram[0][bin] + scoreHistogram[1][bin];
        probability += here * middle(bin);
        positives += scoreHistogram[1][bin];
        all += here;
      }
      apart += Math.abs(probability - positives);
    }
    return all == 0 ? Double.NaN : apart / all;
  }

  /**
   * Brier score (1950) of the probability of the highest class index: mean squared distance to 1
   * where the class is that one, to 0 elsewhere; 0 to 1. From the histogram, as {@link #ece}: right
   * to 1/256. NaN without examples.
   */
  public double brier() {
    double squares = 0;
    long all = 0;
    for (int bin = 0; bin < scoreHistogram[0].length; bin++) {
      double p = middle(bin);
      squares += scoreHistogram[0][bin] * p * p + scoreHistogram[1][bin] * (1 - p) * (1 - p);
      all += scoreHistogram[0][bin] + scoreHistogram[1][bin];
    }
    return all == 0 ? Double.NaN : squares / all;
  }

  private static double middle(int bin) {
    return (bin + 0.5) / BINS;
  }

  /** Root of the mean squared error in the label's unit; NaN without examples. */
  public double rmse() {
    return count == 0 ? Double.NaN : Math.sqrt(errors.squared() / count);
  }

  /** Mean absolute error in the label's unit; NaN without examples. */
  public double mae() {
    return count == 0 ? Double.NaN : errors.absolute() / count;
  }

  /** Names of the metrics that it has. */
  public List<String> metrics() {
    if (confusion.length > 0) {
      return Metrics.of(Target.Kind.CLASS);
    }
    return Metrics.of(
        switch (labels.size()) {
          case 0 -> Target.Kind.VALUE;
          case 1 -> Target.Kind.ANOMALY;
          default -> Target.Kind.CLASSES;
        });
  }

  /**
   * A metric by its name in a task, see {@link Metrics}.
   *
   * @throws IllegalArgumentException for another name
   */
  public double metric(String name) {
    return switch (name) {
      case "accuracy" -> accuracy();
      case "balanced-accuracy" -> balancedAccuracy();
      case "loss" -> loss();
      case "auc" -> auc();
      case "alarm-rate" -> alarmRate();
      case "f1" -> f1();
      case "macro-f1" -> macroF1();
      case "precision" -> precision();
      case "recall" -> recall();
      case "ece" -> ece();
      case "brier" -> brier();
      case "rmse" -> rmse();
      case "mae" -> mae();
      default -> throw new IllegalArgumentException("no metric named " + name);
    };
  }
}
