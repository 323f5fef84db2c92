// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.task.Task;

/** What sites tell of their inputs and the coordinator makes of it, without either of them. */
final class FederationStatistics {
  private FederationStatistics() {}

  /** Those of a task by which all sites standardise; none if each keeps its own. */
  static List<Moments> of(Task task, Preparation preparation, List<SiteExamples> sites) {
    if (!task.standardisesTogether()) {
      return List.of();
    }
    int least = Math.max(1, task.leastCount());
    List<Moments> merged =
        new ArrayList<>(Collections.nCopies(new ValuePools(task.schema()).count(), Moments.NONE));
    for (SiteExamples site :
        sites.stream().sorted(Comparator.comparing(SiteExamples::site)).toList()) {
      List<Example> learned = learned(task, site);
      if (learned.size() >= least) {
        List<Moments> told = preparation.moments(task.schema(), learned, least);
        for (int pool = 0; pool < merged.size(); pool++) {
          merged.set(pool, merged.get(pool).plus(told.get(pool)));
        }
      }
    }
    return merged;
  }

  /** The examples that a site's model may learn from. */
  static List<Example> learned(Task task, SiteExamples site) {
    return site.of(DataRole.TRAIN).stream().filter(task.schema().label()::learnsFrom).toList();
  }
}
