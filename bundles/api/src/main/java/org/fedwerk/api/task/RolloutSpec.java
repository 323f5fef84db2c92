// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a promoted version goes out: to the canary sites first, then wave by wave, each after the
 * gate of the one before.
 *
 * @param canary sites of the first wave, by id
 * @param canaries instead of ids, how many sites; 0 if ids are given, or for no canary
 * @param waves parts of all sites that have the version after the wave, ascending, above 0, at most
 *     1; all sites follow the last
 * @param gate what a wave must show before the next
 */
public record RolloutSpec(List<String> canary, int canaries, List<Double> waves, Gate gate) {
  /** No waves and no gate. */
  public static final RolloutSpec EVERYWHERE_AT_ONCE =
      new RolloutSpec(List.of(), 0, List.of(), Gate.OPEN);

  public RolloutSpec {
    canary = List.copyOf(canary);
    waves = List.copyOf(waves);
  }

  /**
   * What a wave must show. A bound that is infinite is none.
   *
   * @param predictions predictions that each site of the wave must have made
   * @param time how long the wave lasts at least
   * @param alarmRate largest share of predictions of another than the first class
   * @param alarmRise how much larger that share may be than with the version before, at the same
   *     site
   * @param latencyP99 the time that at most one prediction in a hundred may take longer than; null
   *     for no bound
   * @param metricDrop how much worse the validation metric may be than that of the version before,
   *     at the same site
   */
  public record Gate(
      int predictions,
      Duration time,
      double alarmRate,
      double alarmRise,
      @Nullable Duration latencyP99,
      double metricDrop) {
    /** Nothing is asked. */
    public static final Gate OPEN =
        new Gate(
            0,
            Duration.ZERO,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            null,
            Double.POSITIVE_INFINITY);

    /** True if the share of alarms is looked at. */
    public boolean looksAtAlarms() {
      return Double.isFinite(alarmRate) || Double.isFinite(alarmRise);
    }
  }

  /** True if there are waves. */
  public boolean isStaged() {
    return canaries > 0 || !canary.isEmpty() || !waves.isEmpty();
  }

  /**
   * The waves over some sites: each site is in one of them, none is empty.
   *
   * @param sites ids; canary sites that are not among them are left out
   */
  public List<List<String>> over(Collection<String> sites) {
    TreeSet<String> left = new TreeSet<>(sites);
    int all = left.size();
    List<List<String>> over = new ArrayList<>();
    Set<String> first = new LinkedHashSet<>(canary);
    first.retainAll(left);
    left.stream().limit(canaries).forEach(first::add);
    take(first, left, over);
    for (double part : waves) {
      long wanted = (long) Math.ceil(part * all) - (all - left.size());
      take(left.stream().limit(Math.max(0, wanted)).toList(), left, over);
    }
    take(List.copyOf(left), left, over);
    return over;
  }

  private static void take(
      Collection<String> wave, Collection<String> left, List<List<String>> over) {
    if (!wave.isEmpty()) {
      over.add(List.copyOf(new TreeSet<>(wave)));
      left.removeAll(Set.copyOf(wave));
    }
  }
}
