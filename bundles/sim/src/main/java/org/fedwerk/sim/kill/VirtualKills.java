// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.sim.fault.RecordType;

/**
 * Every record of every actor, before, after, and after its effect, each in a run of its own on
 * virtual time.
 */
public final class VirtualKills {
  private final Map<Scenario, Outcome> undisturbed = new EnumMap<>(Scenario.class);
  private final Map<Scenario, List<Point>> points = new EnumMap<>(Scenario.class);
  private final Map<Scenario, List<Point>> noisy = new EnumMap<>(Scenario.class);
  private final Set<RecordType> seen = new TreeSet<>();

  /** Runs each scenario once without a kill, and takes down what was written. */
  public VirtualKills() {
    for (Scenario scenario : Scenario.values()) {
      KillRun run = new KillRun(scenario, null, false, false);
      undisturbed.put(scenario, run.run());
      Set<RecordType> before = Set.copyOf(seen);
      points.put(scenario, points(scenario, run, before));
      KillRun other = new KillRun(scenario, null, true, false);
      var unused = other.run();
      noisy.put(scenario, points(scenario, other, before));
    }
  }

  /** What each run without a kill came to. */
  public Map<Scenario, Outcome> undisturbed() {
    return undisturbed;
  }

  /** Record types that were written. */
  public Set<RecordType> seen() {
    return seen;
  }

  /** All points of a scenario that an earlier one has not had. */
  public List<Point> points(Scenario scenario) {
    return points(scenario, false);
  }

  /**
   * The same.
   *
   * @param noise true for a run in which no two trainings are equal: another version may be the
   *     best there, so some records are fewer
   */
  public List<Point> points(Scenario scenario, boolean noise) {
    return (noise ? noisy : points).getOrDefault(scenario, List.of());
  }

  /**
   * Points of a scenario at records that hold what the scenario is about, whichever run had them
   * first.
   */
  public List<Point> points(Scenario scenario, Set<RecordType> types) {
    KillRun run = new KillRun(scenario, null, false, false);
    var unused = run.run();
    List<Point> all = new ArrayList<>();
    run.records()
        .forEach(
            (actor, counts) ->
                counts.forEach(
                    (type, count) -> {
                      for (int nth = 1; types.contains(type) && nth <= count; nth++) {
                        for (Moment moment : Moment.values()) {
                          all.add(new Point(actor, type, nth, moment));
                        }
                      }
                    }));
    return all;
  }

  private List<Point> points(Scenario scenario, KillRun run, Set<RecordType> before) {
    List<Point> all = new ArrayList<>();
    run.records()
        .forEach(
            (actor, types) ->
                types.forEach(
                    (type, count) -> {
                      seen.add(type);
                      if (scenario != Scenario.PLAIN && before.contains(type)) {
                        return;
                      }
                      for (int nth = 1; nth <= count; nth++) {
                        for (Moment moment : Moment.values()) {
                          all.add(new Point(actor, type, nth, moment));
                        }
                      }
                    }));
    return all;
  }

  /**
   * Kills at one point.
   *
   * @param noise true if no two trainings are equal; then bytes and sums are compared, not digests
   * @return what differs from the run without a kill, each with the point; empty if nothing does
   */
  public List<String> mismatches(Scenario scenario, Point point, boolean noise) {
    Outcome outcome = new KillRun(scenario, point, noise, false).run();
    return named(scenario, point, outcome, !noise);
  }

  /** The same, and the coordinator that was killed is taken over by another one. */
  public List<String> takeover(Scenario scenario, Point point, boolean noise) {
    return named(scenario, point, KillRun.takenOver(scenario, point, noise).run(), !noise);
  }

  /** The same with the mistake that the control must show. */
  public List<String> control(Point point) {
    Outcome outcome = new KillRun(Scenario.PLAIN, point, true, true).run();
    return named(Scenario.PLAIN, point, outcome, false);
  }

  private List<String> named(Scenario scenario, Point point, Outcome outcome, boolean exact) {
    Outcome expected = undisturbed.get(scenario);
    if (expected == null) {
      throw new IllegalStateException("scenario " + scenario + " was not run");
    }
    return outcome.mismatches(expected, exact).stream()
        .map(each -> scenario + ", " + point + ": " + each)
        .collect(Collectors.toList());
  }
}
