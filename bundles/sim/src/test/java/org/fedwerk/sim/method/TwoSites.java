// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.site.internal.SiteSettings;

/** A federation of two sites on virtual time that runs one task to its end. */
final class TwoSites {
  private static final Duration LIMIT = Duration.ofHours(2);

  private TwoSites() {}

  /**
   * Runs it; the engines know the model that its last round began with.
   *
   * @param groups more lines of the task document
   */
  static VirtualFederation run(
      Aggregator rule, String groups, int rounds, QuadraticEngine a, QuadraticEngine b) {
    return run(rule, "", groups, rounds, a, b);
  }

  /**
   * The same with more of a training.
   *
   * @param training more keys of the group, each behind a comma
   */
  static VirtualFederation run(
      Aggregator rule,
      String training,
      String groups,
      int rounds,
      QuadraticEngine a,
      QuadraticEngine b) {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    VirtualFederation federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                List.of("a", "b"),
                site -> site.equals("a") ? a : b,
                rule,
                plain.weather(),
                plain.work(),
                plain.watch(),
                plain.storage(),
                plain.link(),
                plain.restart()));
    federation.policy("a", SiteSettings::withStatistics);
    federation.policy("b", SiteSettings::withStatistics);
    federation.start();
    federation.submit(
        Bench.task(
                1,
                "metric: loss, patience: 100000, cohort-least: 2, quorum: 2, stall: 30m, max: "
                    + rounds,
                groups)
            .replace("batch: 4}", "batch: 4" + training + "}"));
    boolean finished =
        federation.run(
            LIMIT,
            () ->
                federation.tasks().stream()
                    .anyMatch(task -> task.run().state().equals("finished")));
    if (!finished) {
      throw new AssertionError(federation.tasks() + " " + federation.sites());
    }
    return federation;
  }
}
