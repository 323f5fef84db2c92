// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.IOException;
import java.time.Duration;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;

/**
 * How many parts a site has made, and how many of them it predicted for a task.
 *
 * @param site whose
 * @param numbers its metrics
 * @param task a name
 */
record Predictor(KarafInstance site, Scrape numbers, String task) {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int SAME = 8;

  double predictions() throws IOException {
    return numbers.value("fedwerk_prediction_duration_seconds_count{task=\"" + task + "\"");
  }

  double parts() throws IOException {
    return numbers.value("fedwerk_parts_stored_total");
  }

  /** Stops the plants and waits until no part is in work, so that the two can be compared. */
  void rest(Started started) throws Exception {
    started.federation().plants().exec("plant:trickle off");
    double[] before = {-1, -1};
    int[] same = {0};
    site.await(
        "a rest",
        LIMIT,
        each -> {
          double[] now = {parts(), predictions()};
          same[0] = now[0] == before[0] && now[1] == before[1] ? same[0] + 1 : 0;
          System.arraycopy(now, 0, before, 0, 2);
          return same[0] >= SAME;
        });
  }
}
