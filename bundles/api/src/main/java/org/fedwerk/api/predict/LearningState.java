// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.predict;

/** States of a learning job at a site, after the same draft. */
public enum LearningState {
  IDLE,
  COLLECTING,
  TRAINING,
  VALIDATING,
  READY,
  PROMOTED,
  FAILED
}
