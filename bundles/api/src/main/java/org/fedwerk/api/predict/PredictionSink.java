// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.predict;

/**
 * Shows predictions to others, for example on an OPC UA server. Implemented by predict-opcua;
 * whiteboard: the site calls every sink. Calls return soon.
 */
public interface PredictionSink {
  /** A task's deployment or learning state changed, or became known. */
  void state(String task, DeploymentState deployment, LearningState learning, String detail);

  /** A new prediction, or the last one of an earlier run with trust UNCERTAIN. */
  void publish(Prediction prediction);
}
