// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

/** A message cannot be used; says why without its values. Expected, so no stack trace. */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1L;

  Unusable(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
