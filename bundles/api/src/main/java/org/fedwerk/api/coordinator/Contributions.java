// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.coordinator;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.ContributionSpec.Kind;

/**
 * What each site adds to a model, in the task's metric: of an error its fall, so that more is
 * better. In the run history each figure is a metric of its round, named {@code
 * contribution.<metric>.shapley.<site>} and the like.
 *
 * @param metric the task's metric; empty if no model was judged
 * @param needed models that must be judged for what the task asks for
 * @param judged how many were; fewer if that was more than may be, or one could not be made
 * @param judges sites that judged every one of them, over which a model's worth is the mean
 * @param worth the metric, as it is, of the model of {@code all} sites and of {@code none}, as far
 *     as they were judged; mean over those sites
 * @param leaveOneOut by site how much more the model of all is worth than that of all others; empty
 *     if it was not asked for
 * @param shapley by site its Shapley value; empty if it was not asked for
 * @param matrix by site that trained alone, and site that judged, the metric as it is; empty if it
 *     was not asked for
 */
public record Contributions(
    String metric,
    int needed,
    int judged,
    int judges,
    Map<String, Double> worth,
    SortedMap<String, Double> leaveOneOut,
    SortedMap<String, Double> shapley,
    SortedMap<String, SortedMap<String, Double>> matrix) {
  /** Of all sites together. */
  public static final String ALL = "all";

  /** Of no site: the model that they began with. */
  public static final String NONE = "none";

  private static final String PREFIX = "contribution.";
  private static final String NEEDED = PREFIX + "models-needed";
  private static final String JUDGED = PREFIX + "models-judged";
  private static final String JUDGES = PREFIX + "judges";

  public Contributions {
    worth = Collections.unmodifiableMap(new LinkedHashMap<>(worth));
    leaveOneOut = Collections.unmodifiableSortedMap(new TreeMap<>(leaveOneOut));
    shapley = Collections.unmodifiableSortedMap(new TreeMap<>(shapley));
    TreeMap<String, SortedMap<String, Double>> rows = new TreeMap<>();
    matrix.forEach(
        (site, row) -> rows.put(site, Collections.unmodifiableSortedMap(new TreeMap<>(row))));
    matrix = Collections.unmodifiableSortedMap(rows);
  }

  /** Without figures, since fewer models were judged than are needed. */
  public static Contributions incomplete(int needed, int judged) {
    return new Contributions(
        "", needed, judged, 0, Map.of(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  /** True if a metric of a round is one of these figures. */
  public static boolean names(String metric) {
    return metric.startsWith(PREFIX);
  }

  /** As metrics of a round. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(NEEDED, (double) needed);
    metrics.put(JUDGED, (double) judged);
    metrics.put(JUDGES, (double) judges);
    String begin = PREFIX + metric + ".";
    worth.forEach((of, value) -> metrics.put(begin + of, value));
    put(metrics, begin + Kind.LEAVE_ONE_OUT.word(), leaveOneOut);
    put(metrics, begin + Kind.SHAPLEY.word(), shapley);
    matrix.forEach((site, row) -> put(metrics, begin + Kind.MATRIX.word() + "." + site, row));
    return metrics;
  }

  private static void put(Map<String, Double> metrics, String begin, Map<String, Double> bySite) {
    bySite.forEach((site, value) -> metrics.put(begin + "." + site, value));
  }

  /** What a round found; empty for a round that did not look for it. */
  public static Optional<Contributions> of(RoundRecord round) {
    Double needed = round.metrics().get(NEEDED);
    if (needed == null) {
      return Optional.empty();
    }
    String metric = "";
    Map<String, Double> worth = new LinkedHashMap<>();
    TreeMap<String, Double> leaveOneOut = new TreeMap<>();
    TreeMap<String, Double> shapley = new TreeMap<>();
    TreeMap<String, SortedMap<String, Double>> matrix = new TreeMap<>();
    for (Map.Entry<String, Double> each : round.metrics().entrySet()) {
      // Names of metrics, kinds and sites hold no dot.
      List<String> words = List.of(each.getKey().split("\\.", -1));
      if (!names(each.getKey()) || words.size() < 3) {
        continue;
      }
      metric = words.get(1);
      String kind = words.get(2);
      if (words.size() == 3) {
        worth.put(kind, each.getValue());
      } else if (kind.equals(Kind.LEAVE_ONE_OUT.word())) {
        leaveOneOut.put(words.get(3), each.getValue());
      } else if (kind.equals(Kind.SHAPLEY.word())) {
        shapley.put(words.get(3), each.getValue());
      } else if (kind.equals(Kind.MATRIX.word()) && words.size() == 5) {
        matrix
            .computeIfAbsent(words.get(3), site -> new TreeMap<>())
            .put(words.get(4), each.getValue());
      }
    }
    return Optional.of(
        new Contributions(
            metric,
            needed.intValue(),
            round.metrics().getOrDefault(JUDGED, 0.0).intValue(),
            round.metrics().getOrDefault(JUDGES, 0.0).intValue(),
            worth,
            leaveOneOut,
            shapley,
            matrix));
  }

  /** Why there are no figures; empty if there are. */
  public String problem() {
    if (needed > ContributionSpec.MODELS_MOST) {
      return "what the task asks for takes "
          + needed
          + " models or more, and at most "
          + ContributionSpec.MODELS_MOST
          + " are judged; ask for less in contribution.of, or for fewer permutations";
    }
    if (judged < needed) {
      return judged
          + " of "
          + needed
          + " models were judged; the next one could not be made, and the coordinator's log says"
          + " why";
    }
    boolean compares = !leaveOneOut.isEmpty() || !shapley.isEmpty();
    return compares && judges == 0
        ? "no site told " + metric + " of every model, so they cannot be compared"
        : "";
  }
}
