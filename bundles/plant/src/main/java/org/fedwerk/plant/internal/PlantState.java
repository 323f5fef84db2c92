// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/** What a plant is doing. */
public enum PlantState {
  /** Reading data, opening the server. */
  STARTING,
  /** For clients to subscribe to every signal. */
  WAITING,
  /** Making parts as fast as the clients take them. */
  BULK,
  /** Making parts at a steady pace. */
  TRICKLE,
  /** Bulk is done, the steady pace is switched off. */
  HOLDING,
  /** All parts are made. */
  DONE,
  /** Something has to be mended. */
  FAILED
}
