// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;

/**
 * The states and newest prediction of each task, told to every sink, also to one that comes late.
 * Thread-safe.
 */
final class StateBoard {
  private final List<PredictionSink> sinks = new CopyOnWriteArrayList<>();
  private final Map<String, TaskState> states = new HashMap<>();
  private final Map<String, Prediction> newest = new HashMap<>();

  /** States of one task. */
  record TaskState(
      DeploymentState deployment,
      String deployed,
      LearningState learning,
      String learned,
      String drift) {
    static final TaskState NEW =
        new TaskState(DeploymentState.INACTIVE, "", LearningState.IDLE, "", "");

    /** One text for sinks. */
    String detail() {
      return Stream.of(deployed, learned, drift)
          .filter(each -> !each.isEmpty())
          .collect(Collectors.joining("; "));
    }

    /** Why something does not go on; empty if all is well. */
    String trouble() {
      if (deployment == DeploymentState.FAULTED || deployment == DeploymentState.DEGRADED) {
        return deployed;
      }
      boolean waits = learning == LearningState.IDLE || learning == LearningState.FAILED;
      return waits ? learned : "";
    }
  }

  synchronized void add(PredictionSink sink) {
    sinks.add(sink);
    states.forEach((task, state) -> tell(sink, task, state));
    newest.values().forEach(sink::publish);
  }

  void remove(PredictionSink sink) {
    sinks.remove(sink);
  }

  synchronized TaskState of(String task) {
    return states.getOrDefault(task, TaskState.NEW);
  }

  synchronized void learning(String task, LearningState learning, String detail) {
    TaskState now = of(task);
    set(task, new TaskState(now.deployment(), now.deployed(), learning, detail, now.drift()));
  }

  synchronized void deployment(String task, DeploymentState deployment, String detail) {
    TaskState now = of(task);
    set(task, new TaskState(deployment, detail, now.learning(), now.learned(), now.drift()));
  }

  /** Whether the parts that are predicted are like those that were trained on. */
  synchronized void drift(String task, String detail) {
    TaskState now = of(task);
    set(
        task,
        new TaskState(now.deployment(), now.deployed(), now.learning(), now.learned(), detail));
  }

  /**
   * A model is there to predict with; a running deployment just goes over to it, and a faulted one
   * stays so until it has predicted: a part may have met the model before this is told.
   */
  synchronized void deployed(String task, String detail) {
    if (of(task).deployment() == DeploymentState.INACTIVE) {
      deployment(task, DeploymentState.READY, detail);
    }
  }

  /** Nothing predicts any more. */
  synchronized void withdrawn(String task) {
    deployment(task, DeploymentState.INACTIVE, "the coordinator took its model back");
  }

  /** A person chose the model that predicts from now on. */
  synchronized void chosen(String task, String detail) {
    DeploymentState now = of(task).deployment();
    boolean predicts = now == DeploymentState.ACTIVE || now == DeploymentState.DEGRADED;
    deployment(task, predicts ? now : DeploymentState.READY, detail);
  }

  private void set(String task, TaskState state) {
    if (!state.equals(states.put(task, state))) {
      sinks.forEach(sink -> tell(sink, task, state));
    }
  }

  private static void tell(PredictionSink sink, String task, TaskState state) {
    sink.state(task, state.deployment(), state.learning(), state.detail());
  }

  synchronized void publish(Prediction prediction) {
    newest.put(prediction.task(), prediction);
    sinks.forEach(sink -> sink.publish(prediction));
  }

  /** Forgets the newest predictions of some parts; sinks show them until the next part. */
  synchronized void forget(Predicate<String> serials) {
    newest.values().removeIf(each -> serials.test(each.serial()));
  }

  synchronized Optional<Prediction> newest(String task) {
    return Optional.ofNullable(newest.get(task));
  }
}
