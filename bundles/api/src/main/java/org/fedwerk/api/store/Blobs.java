// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.util.Optional;
import org.fedwerk.api.Digest;

/** Content-addressed bytes. Thread-safe. */
public interface Blobs {
  /**
   * Keeps bytes under their digest; keeping them twice does no harm. They survive a kill when it
   * returns.
   */
  Digest put(byte[] bytes);

  /** The bytes; empty if they are not here. */
  Optional<byte[]> get(Digest digest);

  /** True if the bytes are here. */
  boolean has(Digest digest);

  /** Removes them. */
  void delete(Digest digest);
}
