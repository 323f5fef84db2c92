// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.time.Duration;
import java.util.Locale;

/**
 * How a site watches whether the parts that it predicts are still like those it trained on, and
 * when sites that find they are not get new rounds.
 *
 * @param method how a window of parts is compared with the training examples
 * @param scope what is compared
 * @param bound of PSI the index from which it is drift; of the others the chance of a false alarm
 *     per judgement, over all that is compared
 * @param bins of PSI, intervals that hold equally many training examples
 * @param window parts after which is judged, from 2
 * @param windows judgements in a row that must find drift before the site asks for rounds
 * @param reference most training examples that are compared with, the newest
 * @param quorum sites that must ask before a task that has ended goes on
 * @param rounds most rounds that it goes on for
 * @param rest least time between two times that it goes on
 */
public record DriftSpec(
    Method method,
    Scope scope,
    double bound,
    int bins,
    int window,
    int windows,
    int reference,
    int quorum,
    int rounds,
    Duration rest) {
  /** Goes on as often as sites ask. */
  public DriftSpec(
      Method method,
      Scope scope,
      double bound,
      int bins,
      int window,
      int windows,
      int reference,
      int quorum,
      int rounds) {
    this(method, scope, bound, bins, window, windows, reference, quorum, rounds, Duration.ZERO);
  }

  /** How distributions are compared. */
  public enum Method {
    /** Population stability index. */
    PSI,
    /** Kolmogorov and Smirnov's test of two samples. */
    KS,
    /** Adaptive windowing (Bifet and Gavalda 2007). */
    ADWIN;

    /** As tasks write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is compared. */
  public enum Scope {
    /** The signals and what the model says. */
    BOTH,
    /** The signals alone. */
    INPUTS,
    /** What the model says alone. */
    SCORES;

    /** True if signals are compared. */
    public boolean hasInputs() {
      return this != SCORES;
    }

    /** True if what the model says is. */
    public boolean hasScores() {
      return this != INPUTS;
    }
  }
}
