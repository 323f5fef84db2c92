// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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
  record TaskState(DeploymentState deployment, LearningState learning, String detail) {
    static final TaskState NEW = new TaskState(DeploymentState.INACTIVE, LearningState.IDLE, "");
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
    set(task, new TaskState(of(task).deployment(), learning, detail));
  }

  synchronized void deployment(String task, DeploymentState deployment, String detail) {
    set(task, new TaskState(deployment, of(task).learning(), detail));
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

  synchronized java.util.Optional<Prediction> newest(String task) {
    return java.util.Optional.ofNullable(newest.get(task));
  }
}
