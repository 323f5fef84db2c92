// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import org.fedwerk.api.signal.SignalDescriptor;

/**
 * One signal as configured.
 *
 * @param name the site's name for it
 * @param node node id as written, for example {@code nsu=urn:plant;s=Torque}
 * @param unit unit; empty if none
 * @param kind what its values may be
 * @param part true if its value is the serial of the part in the machine
 */
record SignalSetting(String name, String node, String unit, ValueKind kind, boolean part) {
  SignalDescriptor descriptor() {
    return kind == ValueKind.IMAGE
        ? SignalDescriptor.ofImages(name, node)
        : new SignalDescriptor(name, unit, node, part);
  }
}
