// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.wire.internal.proto.Wire;

/** Evaluations as bytes; of the histograms only bins that hold something travel. */
final class EvaluationBytes {
  /** Counts of a class. */
  private static final int CELLS = 4;

  private EvaluationBytes() {}

  static Wire.Evaluation encode(Evaluation evaluation) {
    long[][] confusion = evaluation.confusion();
    long[][] histogram = evaluation.scoreHistogram();
    if (histogram.length != 2) {
      throw new IllegalArgumentException("a score histogram has 2 rows, not " + histogram.length);
    }
    Wire.Evaluation.Builder wire =
        Wire.Evaluation.newBuilder()
            .setCount(evaluation.count())
            .setLossSum(evaluation.lossSum())
            .setClasses(confusion.length)
            .setOthers(encode(histogram[0]))
            .setLast(encode(histogram[1]));
    for (long[] row : confusion) {
      if (row.length != confusion.length) {
        throw new IllegalArgumentException("the confusion matrix is not square");
      }
      for (long cell : row) {
        wire.addConfusion(cell);
      }
    }
    for (Counts each : evaluation.labels()) {
      wire.addLabels(each.rejected())
          .addLabels(each.falseAlarms())
          .addLabels(each.missed())
          .addLabels(each.hits());
    }
    return wire.setSquaredError(evaluation.errors().squared())
        .setAbsoluteError(evaluation.errors().absolute())
        .build();
  }

  private static Wire.Histogram encode(long[] row) {
    if (row.length != Evaluation.BINS) {
      throw new IllegalArgumentException(
          "a score histogram has " + Evaluation.BINS + " bins, not " + row.length);
    }
    Wire.Histogram.Builder wire = Wire.Histogram.newBuilder();
    for (int bin = 0; bin < row.length; bin++) {
      if (row[bin] != 0) {
        wire.addBins(bin).addCounts(row[bin]);
      }
    }
    return wire.build();
  }

  static Evaluation decode(String field, Wire.Evaluation wire) throws RefusedException {
    int classes = wire.getClasses();
    if (classes < 0 || classes > Bounds.CLASSES) {
      throw Bounds.refused(field + ".classes", "must be 0 to " + Bounds.CLASSES);
    }
    if (wire.getConfusionCount() != classes * classes) {
      throw Bounds.refused(
          field + ".confusion",
          "has " + wire.getConfusionCount() + " cells, " + classes + " classes need its square");
    }
    long[][] confusion = new long[classes][classes];
    for (int cell = 0; cell < classes * classes; cell++) {
      confusion[cell / classes][cell % classes] =
          Bounds.natural(field + ".confusion", wire.getConfusion(cell));
    }
    return new Evaluation(
        Bounds.natural(field + ".count", wire.getCount()),
        wire.getLossSum(),
        confusion,
        new long[][] {
          decode(field + ".others", wire.getOthers()), decode(field + ".last", wire.getLast())
        },
        labels(field + ".labels", wire),
        new Errors(wire.getSquaredError(), wire.getAbsoluteError()));
  }

  private static List<Counts> labels(String field, Wire.Evaluation wire) throws RefusedException {
    int cells = wire.getLabelsCount();
    if (cells % CELLS != 0 || cells > CELLS * Bounds.CLASSES) {
      throw Bounds.refused(field, "has " + cells + " cells, a class has " + CELLS);
    }
    List<Counts> labels = new ArrayList<>();
    for (int at = 0; at < cells; at += CELLS) {
      labels.add(
          new Counts(
              Bounds.natural(field, wire.getLabels(at)),
              Bounds.natural(field, wire.getLabels(at + 1)),
              Bounds.natural(field, wire.getLabels(at + 2)),
              Bounds.natural(field, wire.getLabels(at + 3))));
    }
    return labels;
  }

  private static long[] decode(String field, Wire.Histogram wire) throws RefusedException {
    if (wire.getBinsCount() != wire.getCountsCount()) {
      throw Bounds.refused(field, "has not one count per bin");
    }
    long[] row = new long[Evaluation.BINS];
    int previous = -1;
    for (int at = 0; at < wire.getBinsCount(); at++) {
      int bin = wire.getBins(at);
      if (bin <= previous || bin >= Evaluation.BINS) {
        throw Bounds.refused(field, "has bins out of order or above " + (Evaluation.BINS - 1));
      }
      row[bin] = Bounds.natural(field, wire.getCounts(at));
      previous = bin;
    }
    return row;
  }
}
