// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.DriftSpec.Method;
import org.fedwerk.api.task.DriftSpec.Scope;
import org.fedwerk.api.task.RoundsSpec;
import org.jspecify.annotations.Nullable;

/** How sites watch for drift; a group that may be left out. */
final class DriftSection {
  static final String KEY = "drift";

  private static final String METHOD = "method";
  private static final String OF = "of";
  private static final String THRESHOLD = "threshold";
  private static final String SIGNIFICANCE = "significance";
  private static final String BINS = "bins";
  private static final String WINDOW = "window";
  private static final String WINDOWS = "windows";
  private static final String REFERENCE = "reference";
  private static final String QUORUM = "quorum";
  private static final String ROUNDS = "rounds";
  private static final String REST = "rest";
  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final List<String> KEYS =
      List.of(
          METHOD,
          OF,
          THRESHOLD,
          SIGNIFICANCE,
          BINS,
          WINDOW,
          WINDOWS,
          REFERENCE,
          QUORUM,
          ROUNDS,
          REST);
  private static final List<String> METHODS = List.of("psi", "ks", "adwin");

  /** Values of a site's reference: it keeps them in one record. */
  private static final long REFERENCE_VALUES = 1 << 18;

  private DriftSection() {}

  static @Nullable DriftSpec read(Mapping task, Schema schema, RoundsSpec rounds, int leastCount) {
    Optional<Value> given = task.optional(KEY);
    if (given.isEmpty()) {
      return null;
    }
    Mapping drift = given.get().mapping(KEYS);
    Method method =
        drift
            .required(METHOD, String.join(", ", METHODS))
            .map(value -> value.choice(METHODS))
            .map(word -> Method.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(Method.PSI);
    Scope scope =
        Scope.valueOf(
            TaskSection.choice(drift, OF, "both", "inputs", "scores").toUpperCase(Locale.ROOT));
    if (drift.sound(METHOD)) {
      fits(drift, method);
    }
    int window = whole(drift, WINDOW, 2, 100_000, Math.max(500, leastCount));
    if (window < leastCount && drift.sound(WINDOW)) {
      drift.refuse(
          WINDOW, window + " is below egress.least-count, " + leastCount + "; use at least that");
    }
    return new DriftSpec(
        method,
        scope,
        bound(drift, method),
        whole(drift, BINS, 2, 100, 10),
        window,
        whole(drift, WINDOWS, 1, 1000, 1),
        reference(drift, schema, scope),
        whole(drift, QUORUM, 1, 1000, rounds.cohortLeast()),
        whole(drift, ROUNDS, 1, 100_000, rounds.max()),
        drift
            .optional(REST)
            .map(value -> value.duration(Duration.ZERO, Duration.ofDays(365)))
            .orElse(AN_HOUR));
  }

  private static void fits(Mapping drift, Method method) {
    boolean index = method == Method.PSI;
    if (index && drift.optional(SIGNIFICANCE).isPresent()) {
      drift.refuse(SIGNIFICANCE, "is for ks and adwin; psi has a threshold");
    }
    for (String key : List.of(THRESHOLD, BINS)) {
      if (!index && drift.optional(key).isPresent()) {
        drift.refuse(key, "is for psi; " + method.word() + " has a significance");
      }
    }
  }

  private static double bound(Mapping drift, Method method) {
    double threshold =
        drift
            .optional(THRESHOLD)
            .map(value -> value.number("a number above 0, at most 100", x -> x > 0 && x <= 100, 1))
            .orElse(0.2);
    double significance =
        drift
            .optional(SIGNIFICANCE)
            .map(value -> value.number("a number above 0, at most 0.5", x -> x > 0 && x <= 0.5, .1))
            .orElse(method == Method.KS ? 0.001 : 0.002);
    return method == Method.PSI ? threshold : significance;
  }

  private static int reference(Mapping drift, Schema schema, Scope scope) {
    long width = (scope.hasInputs() ? schema.inputShape()[0] : 0) + (scope.hasScores() ? 1 : 0);
    int most = (int) Math.min(10_000, REFERENCE_VALUES / Math.max(1, width));
    return whole(drift, REFERENCE, 2, most, Math.min(1000, most));
  }

  private static int whole(Mapping drift, String key, int least, int most, int otherwise) {
    return drift.optional(key).map(value -> (int) value.whole(least, most)).orElse(otherwise);
  }
}
