// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/**
 * Hears of every closed part. Called on the window room's thread after the part is stored; must
 * return soon.
 */
public interface PartListener {
  /** A part was closed and stored. */
  void closed(PartData part);
}
