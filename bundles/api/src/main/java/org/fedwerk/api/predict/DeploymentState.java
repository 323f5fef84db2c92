// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.predict;

/** States of a deployment, after the OPC Foundation's draft "AI Model Management and Inference". */
public enum DeploymentState {
  INACTIVE,
  READY,
  ACTIVE,
  DEGRADED,
  FAULTED
}
