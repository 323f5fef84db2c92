// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;

/**
 * Seals and opens messages. Implemented by the wire room with the identity's keys. Any thread may
 * call.
 */
public interface SealedMessages {
  /** The bytes of a sealed message, signed with this process' own key. */
  byte[] seal(Message message);

  /**
   * Opens and verifies: framing, protocol major, federation, signature, certificate chain, role for
   * the kind, and sender = certificate name = topic branch; and that the recipient is this party or
   * all.
   *
   * @param address the address it came on
   * @throws RefusedException with what failed, never with content
   */
  Message open(Address address, byte[] sealed) throws RefusedException;

  /** SHA-256 of the body bytes of a sealed message, by which receipts name it. */
  Digest bodyDigest(byte[] sealed);
}
