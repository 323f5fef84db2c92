// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.status.StatusLine;

/**
 * What the runner last showed; read by any thread.
 *
 * @param tasks all tasks, in order of submission
 * @param sites sites heard of since start
 * @param unreadable tasks that this program cannot go on with, with the reason
 * @param unsent messages that the link did not take
 * @param queues how full the runner's own lines are
 * @param clock names a jump of the wall clock; empty if there was none lately
 */
public record Snapshot(
    List<TaskFacts> tasks,
    Map<String, SiteBook.Heard> sites,
    Map<String, String> unreadable,
    long unsent,
    List<QueueLevel> queues,
    Optional<StatusLine> clock) {
  static final Snapshot EMPTY =
      new Snapshot(List.of(), Map.of(), Map.of(), 0, List.of(), Optional.empty());

  public Snapshot {
    tasks = List.copyOf(tasks);
    unreadable = Map.copyOf(unreadable);
    queues = List.copyOf(queues);
  }

  /**
   * One task.
   *
   * @param run how it is
   * @param status one line
   * @param rounds run history without the sites' evaluations
   * @param history reads the run history from disk, evaluations included; any thread may call
   * @param models versions
   * @param acts what persons ordered
   * @param said per site what it said of the task
   * @param away stalled sites
   * @param versions how far each version got
   * @param rollout how versions go out; empty if nothing is promoted
   */
  public record TaskFacts(
      Coordination.TaskRun run,
      StatusLine status,
      List<Coordination.RoundRecord> rounds,
      Supplier<List<Coordination.RoundRecord>> history,
      List<ModelVersion> models,
      List<Coordination.Act> acts,
      Map<String, String> said,
      Set<String> away,
      List<ModelRegistry.Version> versions,
      Optional<ModelRegistry.Rollout> rollout) {}
}
