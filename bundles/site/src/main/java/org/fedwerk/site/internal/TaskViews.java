// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.site.internal.StateBoard.TaskState;

/** Shows people how the site's tasks stand. Thread-safe. */
final class TaskViews {
  private final SiteState state;
  private final ExampleSource examples;
  private final StateBoard board;
  private final ServedStats stats;
  private final PredictionBudget budget;

  TaskViews(
      SiteState state,
      ExampleSource examples,
      StateBoard board,
      ServedStats stats,
      PredictionBudget budget) {
    this.stats = stats;
    this.budget = budget;
    this.state = state;
    this.examples = examples;
    this.board = board;
  }

  /** All tasks. */
  List<TaskView> all() {
    return state.tasks().all().stream().map(this::view).toList();
  }

  private TaskView view(KnownTask task) {
    List<Refusal> mismatches = examples.mismatches(task.task().schema());
    boolean mismatch = !mismatches.isEmpty();
    int[] counts = mismatch ? new int[3] : examples.counts(task.task().schema());
    TaskState states = board.of(task.task().name());
    Optional<Deployment> deployment = state.deployments().of(task.digest());
    return new TaskView(
        task.task().name(),
        task.digest(),
        task.task().owner(),
        task.task().purpose(),
        mismatch ? "refused" : task.approval().word(),
        mismatch
            ? new RefusedException(mismatches).getMessage()
            : trouble(
                states,
                budget.refusal(task.digest()),
                deployment.flatMap(stats::overBudget).orElse("")),
        states.learning(),
        states.deployment(),
        state.positions().of(task.digest()).round(),
        deployment.map(each -> each.model().digest()),
        deployment.map(Deployment::localRevision).orElse(0),
        state.deployments().describe(task),
        counts[0],
        counts[1],
        counts[2]);
  }

  private static String trouble(TaskState states, String tooSlow, String alarms) {
    String trouble = states.trouble();
    // A site that is not ready for the same reason says so already.
    return Stream.of(trouble, trouble.contains(tooSlow) ? "" : tooSlow, alarms)
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** One line for each task. */
  List<StatusLine> lines() {
    return state.tasks().all().stream().map(this::line).toList();
  }

  private StatusLine line(KnownTask known) {
    TaskView task = view(known);
    String drift = board.of(task.name()).drift();
    String subject = "task " + task.name();
    if (task.approval().equals("waiting")) {
      return new StatusLine(
          subject,
          StatusLine.State.WAITING,
          "asks for approval: fedwerk:task-approve " + task.name());
    }
    boolean degraded =
        task.deployment() == DeploymentState.FAULTED
            || task.deployment() == DeploymentState.DEGRADED
            || state.deployments().of(known.digest()).flatMap(stats::overBudget).isPresent();
    return new StatusLine(
        subject,
        degraded ? StatusLine.State.DEGRADED : StatusLine.State.READY,
        task.approval()
            + ", learning "
            + task.learning()
            + ", deployment "
            + task.deployment()
            + (task.running().isEmpty() ? "" : " (" + task.running() + ")")
            + ", round "
            + task.round()
            + (task.reason().isEmpty() ? "" : ": " + task.reason())
            + (drift.isEmpty() ? "" : "; " + drift));
  }
}
