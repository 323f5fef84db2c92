// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Arrays;

/**
 * An image as it came: a PNG or JPEG file. Equal if its bytes are; nobody changes them.
 *
 * @param bytes the file
 */
public record EncodedImage(byte[] bytes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedImage image && Arrays.equals(bytes, image.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "an image of " + bytes.length + " bytes";
  }
}
