// SPDX-License-Identifier: Apache-2.0
/** Signals and labels from MQTT brokers. */
@NullMarked
package org.fedwerk.signal.mqtt.internal;

import org.jspecify.annotations.NullMarked;
