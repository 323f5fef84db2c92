// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.contribution;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.ContributionSpec.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a task asks for among the sites that trained: the subsets whose models are to be judged, and
 * the figures that follow. The same task, sites and values give the same.
 */
public final class Shares {
  private final ContributionSpec spec;
  private final List<String> sites;
  private final long seed;
  private final List<BitSet> subsets;

  /**
   * Finds the subsets.
   *
   * @param sites that trained, ascending, at least one
   * @param seed the task's; draws the orders of Shapley's value
   */
  public Shares(ContributionSpec spec, List<String> sites, long seed) {
    this.spec = spec;
    this.sites = List.copyOf(sites);
    this.seed = seed;
    Set<BitSet> asked = new LinkedHashSet<>();
    Coalitions asking =
        new Coalitions(
            sites.size(),
            subset -> {
              asked.add(subset);
              return 0;
            });
    for (Kind kind : Kind.values()) {
      if (spec.of().contains(kind)) {
        var unused = shares(kind, asking);
      }
    }
    subsets = List.copyOf(asked);
  }

  /**
   * The subsets, each once, in a fixed order; a bit is a site's place among those given. There may
   * be more of them than {@link ContributionSpec#MODELS_MOST}.
   */
  public List<BitSet> subsets() {
    return subsets;
  }

  private double[] shares(Kind kind, Coalitions coalitions) {
    return switch (kind) {
      case LEAVE_ONE_OUT -> coalitions.leaveOneOut();
      case SHAPLEY -> isExact() ? coalitions.shapley() : coalitions.sampledShapley(orders(), seed);
      case MATRIX -> coalitions.alone();
    };
  }

  /** One order alone asks for too many where there are so many sites. */
  private int orders() {
    return sites.size() < ContributionSpec.MODELS_MOST ? spec.permutations() : 1;
  }

  /** True if all subsets are no more than orders could ask for, which makes drawing pointless. */
  private boolean isExact() {
    int members = sites.size();
    long most = 2L + 2L * spec.permutations() * (members - 1);
    return members <= Coalitions.EXACT_MOST && 1L << members <= most;
  }

  /**
   * The figures.
   *
   * @param metric that models were judged by
   * @param told for each subset, in their order, what sites told of its model: the metric, which
   *     may be no number. A site counts as a judge if it told a number for every subset, so that
   *     each is judged by the same examples
   */
  public Contributions of(String metric, List<Map<String, Double>> told) {
    Set<String> judges = judges(told);
    Map<BitSet, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < subsets.size(); i++) {
      means.put(subsets.get(i), mean(told.get(i), judges));
    }
    double sign = Metrics.isError(metric) ? -1 : 1;
    Coalitions worth =
        new Coalitions(sites.size(), subset -> sign * means.getOrDefault(subset, Double.NaN));
    return new Contributions(
        metric,
        subsets.size(),
        subsets.size(),
        judges.size(),
        ends(means),
        bySite(Kind.LEAVE_ONE_OUT, worth),
        bySite(Kind.SHAPLEY, worth),
        matrix(told));
  }

  private static Set<String> judges(List<Map<String, Double>> told) {
    Set<String> judges = new TreeSet<>(told.get(0).keySet());
    for (Map<String, Double> each : told) {
      judges.removeIf(site -> !Double.isFinite(each.getOrDefault(site, Double.NaN)));
    }
    return judges;
  }

  private static double mean(Map<String, Double> told, Set<String> judges) {
    return judges.stream().mapToDouble(told::get).average().orElse(Double.NaN);
  }

  private Map<String, Double> ends(Map<BitSet, Double> means) {
    Map<String, Double> ends = new LinkedHashMap<>();
    BitSet all = new BitSet();
    all.set(0, sites.size());
    put(ends, Contributions.ALL, means.get(all));
    put(ends, Contributions.NONE, means.get(new BitSet()));
    return ends;
  }

  private static void put(Map<String, Double> ends, String name, @Nullable Double value) {
    if (value != null) {
      ends.put(name, value);
    }
  }

  private SortedMap<String, Double> bySite(Kind kind, Coalitions worth) {
    TreeMap<String, Double> shares = new TreeMap<>();
    if (spec.of().contains(kind)) {
      double[] values = shares(kind, worth);
      for (int i = 0; i < values.length; i++) {
        shares.put(sites.get(i), values[i]);
      }
    }
    return shares;
  }

  private SortedMap<String, SortedMap<String, Double>> matrix(List<Map<String, Double>> told) {
    TreeMap<String, SortedMap<String, Double>> matrix = new TreeMap<>();
    if (!spec.of().contains(Kind.MATRIX)) {
      return matrix;
    }
    for (int i = 0; i < sites.size(); i++) {
      BitSet alone = new BitSet();
      alone.set(i);
      matrix.put(sites.get(i), new TreeMap<>(told.get(subsets.indexOf(alone))));
    }
    return matrix;
  }
}
