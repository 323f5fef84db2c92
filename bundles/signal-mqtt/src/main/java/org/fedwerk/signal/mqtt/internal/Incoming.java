// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import org.jspecify.annotations.Nullable;

/**
 * A message as it came.
 *
 * @param topic its topic
 * @param payload its bytes
 * @param id packet id, for the acknowledgement
 * @param qos 0 if nothing is to be acknowledged
 * @param time the user property of this name; null if there is none
 */
record Incoming(String topic, byte[] payload, int id, int qos, @Nullable String time) {
  /** A message without user properties. */
  Incoming(String topic, byte[] payload, int id, int qos) {
    this(topic, payload, id, qos, null);
  }
}
