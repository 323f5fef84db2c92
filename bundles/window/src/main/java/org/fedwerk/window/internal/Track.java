// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Arrays;
import org.fedwerk.api.data.Series;
import org.jspecify.annotations.Nullable;

/** The samples of one signal that may still be needed, in the order of source time. */
final class Track {
  /** What became of a sample. */
  enum Taken {
    APPENDED,
    SORTED_IN,
    REPLACED
  }

  private long[] times = new long[64];
  private double[] values = new double[64];
  private long[] sequences = new long[64];
  private int from;
  private int to;
  private long newest = Long.MIN_VALUE;

  /** The source that delivered last; null if known from a stored part only. */
  @Nullable String source;

  /**
   * Takes a sample; of two with one time the newest wins.
   *
   * @param horizon before this time only the newest sample is kept
   */
  Taken put(long time, double value, long sequence, long horizon) {
    if (from == to || time > newest) {
      newest = time;
      insert(to, time, value, sequence);
      keepOneBefore(horizon, time);
      return Taken.APPENDED;
    }
    int at = Arrays.binarySearch(times, from, to, time);
    if (at >= 0) {
      values[at] = value;
      sequences[at] = sequence;
      return Taken.REPLACED;
    }
    insert(-at - 1, time, value, sequence);
    keepOneBefore(horizon, time);
    return Taken.SORTED_IN;
  }

  /** Source time of the newest sample that ever came. */
  long newest() {
    return newest;
  }

  int size() {
    return to - from;
  }

  /** Leaves out all samples before a time but the newest of them. */
  void prune(long horizon) {
    int first = lowerBound(horizon);
    from = Math.max(from, first - 1);
  }

  /** Leaves out the older half and tells how many that were. */
  int halve() {
    int half = size() / 2;
    from += half;
    return half;
  }

  /** The samples in [begin, end) with the newest one before begin; empty arrays if none. */
  Series slice(long begin, long end) {
    int first = Math.max(from, lowerBound(begin) - 1);
    int last = Math.max(first, lowerBound(end));
    return new Series(
        Arrays.copyOfRange(times, first, last), Arrays.copyOfRange(values, first, last));
  }

  /** Lowest sequence among the samples at or after a time; Long.MAX_VALUE if there is none. */
  long oldestSequence(long since) {
    long oldest = Long.MAX_VALUE;
    for (int i = lowerBound(since); i < to; i++) {
      oldest = Math.min(oldest, sequences[i]);
    }
    return oldest;
  }

  /** True if there is a sample before a time: by pruning there is one at most. */
  boolean holdsBefore(long time) {
    return from < to && times[from] < time;
  }

  long firstTime() {
    return times[from];
  }

  double firstValue() {
    return values[from];
  }

  void moveFirst(long sequence) {
    sequences[from] = sequence;
  }

  private void keepOneBefore(long horizon, long inserted) {
    if (inserted < horizon) {
      prune(horizon);
    }
  }

  private int lowerBound(long time) {
    int at = Arrays.binarySearch(times, from, to, time);
    return at >= 0 ? at : -at - 1;
  }

  private void insert(int at, long time, double value, long sequence) {
    int place = at;
    if (to == times.length) {
      int size = size();
      int capacity = from > size ? times.length : times.length * 2;
      times = moved(times, capacity);
      values = moved(values, capacity);
      sequences = moved(sequences, capacity);
      place -= from;
      from = 0;
      to = size;
    }
    System.arraycopy(times, place, times, place + 1, to - place);
    System.arraycopy(values, place, values, place + 1, to - place);
    System.arraycopy(sequences, place, sequences, place + 1, to - place);
    times[place] = time;
    values[place] = value;
    sequences[place] = sequence;
    to++;
  }

  private long[] moved(long[] old, int capacity) {
    long[] fresh = new long[capacity];
    System.arraycopy(old, from, fresh, 0, size());
    return fresh;
  }

  private double[] moved(double[] old, int capacity) {
    double[] fresh = new double[capacity];
    System.arraycopy(old, from, fresh, 0, size());
    return fresh;
  }
}
