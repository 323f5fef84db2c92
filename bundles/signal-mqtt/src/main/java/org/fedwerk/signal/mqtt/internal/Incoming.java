// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

/**
 * A message as it came.
 *
 * @param topic its topic
 * @param payload its bytes
 * @param id packet id, for the acknowledgement
 * @param qos 0 if nothing is to be acknowledged
 */
record Incoming(String topic, byte[] payload, int id, int qos) {}
