// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.time.Instant;
import java.util.Locale;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows of one task; outlives the server, which may have to start anew.
 *
 * @param since when the states were told; null while they were not
 * @param prediction the newest one; null before the first
 */
record ShownTask(
    String task,
    DeploymentState deployment,
    LearningState learning,
    String detail,
    @Nullable Instant since,
    @Nullable Prediction prediction) {
  static ShownTask unknown(String task) {
    return new ShownTask(task, DeploymentState.INACTIVE, LearningState.IDLE, "", null, null);
  }

  ShownTask with(DeploymentState newDeployment, LearningState newLearning, String why, Instant at) {
    return new ShownTask(task, newDeployment, newLearning, why, at, prediction);
  }

  ShownTask with(Prediction newest) {
    return new ShownTask(task, deployment, learning, detail, since, newest);
  }

  String deploymentWord() {
    return word(deployment);
  }

  String learningWord() {
    return word(learning);
  }

  /** {@code ACTIVE} is {@code Active} in the draft that the names follow. */
  private static String word(Enum<?> state) {
    return state.name().charAt(0) + state.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
