// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;

/**
 * How to reach a broker.
 *
 * @param brokerUrl {@code ssl://host:port}
 * @param keepAlive MQTT keep alive
 * @param sessionExpiry how long the broker keeps a session without connection
 * @param backoffLeast first wait before connecting again
 * @param backoffMost longest wait
 */
record LinkSettings(
    String brokerUrl,
    Duration keepAlive,
    Duration sessionExpiry,
    Duration backoffLeast,
    Duration backoffMost) {}
