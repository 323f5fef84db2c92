// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;

/**
 * A global model as it travels: what it is and where its bytes are.
 *
 * @param version number of the round that made it; 0 is the initial one
 * @param digest global digest, checked after assembly
 * @param layout digest of the layout
 * @param parameters its chunks, or the list of them
 */
public record ModelReference(int version, Digest digest, Digest layout, Section parameters) {
  /** The same model with its chunk list read. */
  public ModelReference with(Section read) {
    return new ModelReference(version, digest, layout, read);
  }
}
