// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

/**
 * A message that was opened and verified, or is to be sealed.
 *
 * @param header header
 * @param body body; its kind is the header's
 */
public record Message(Header header, Body body) {
  public Message {
    if (header.kind() != body.kind()) {
      throw new IllegalArgumentException(
          "header says " + header.kind() + ", body is " + body.kind());
    }
  }
}
