// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.link.Address;

/**
 * The name of a sealed message as a file: its topic with dots for slashes, the first 16 digits of
 * its SHA-256, and {@code .sealed}. So a file says where it goes, two copies have one name, and one
 * that was cut while it was copied shows it.
 */
final class SealedFileName {
  private static final String END = ".sealed";
  private static final int DIGITS = 16;

  private SealedFileName() {}

  static String of(Address address, byte[] payload) {
    return address.topic().replace('/', '.') + "." + digits(payload) + END;
  }

  private static String digits(byte[] payload) {
    return Digest.of(payload).hex().substring(0, DIGITS);
  }

  /**
   * The address that a file name holds.
   *
   * @param name may have folders before it
   * @throws IllegalArgumentException if it is no such name, or the content is not whole
   */
  static Address read(String name, byte[] payload) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    int digest = last.length() - END.length() - DIGITS;
    if (!last.endsWith(END) || digest < 1 || last.charAt(digest - 1) != '.') {
      throw new IllegalArgumentException(
          "\"" + last + "\" is no name of a sealed file; it must keep the name that it was given");
    }
    if (!last.startsWith(digits(payload), digest)) {
      throw new IllegalArgumentException(
          last + " is not whole, or its name was changed; copy it again");
    }
    return Address.parse(last.substring(0, digest - 1).replace('.', '/'));
  }
}
