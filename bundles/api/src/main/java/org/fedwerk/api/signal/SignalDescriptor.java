// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import org.fedwerk.api.data.SignalSpec;

/**
 * A signal that a site has.
 *
 * @param name the name used in schemas
 * @param unit unit as written in the schema, empty if none
 * @param address where it comes from: node id with namespace URI, or topic and JSON pointer
 * @param part true if its value is the serial of the part in the machine, so that a change begins a
 *     part
 * @param image true if it delivers images, for a schema's image
 */
public record SignalDescriptor(
    String name, String unit, String address, boolean part, boolean image) {
  /** A signal of numbers or texts. */
  public SignalDescriptor(String name, String unit, String address, boolean part) {
    this(name, unit, address, part, false);
  }

  /** A signal of images. */
  public static SignalDescriptor ofImages(String name, String address) {
    return new SignalDescriptor(name, "", address, false, true);
  }

  /** True if this signal can serve the schema's one: same name and unit. */
  public boolean serves(SignalSpec wanted) {
    return !image && name.equals(wanted.name()) && unit.equals(wanted.unit());
  }
}
