// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import com.fasterxml.jackson.core.JsonPointer;
import org.fedwerk.api.signal.SignalDescriptor;

/**
 * One signal as configured.
 *
 * @param name the site's name for it
 * @param filter where its messages come
 * @param value where the value stands in a message
 * @param time where its time stands
 * @param unit unit; empty if none
 * @param part true if its value is the serial of the part in the machine
 */
public record SignalSetting(
    String name,
    TopicFilter filter,
    JsonPointer value,
    JsonPointer time,
    String unit,
    boolean part) {
  SignalDescriptor descriptor() {
    return new SignalDescriptor(name, unit, filter + " " + value, part);
  }
}
