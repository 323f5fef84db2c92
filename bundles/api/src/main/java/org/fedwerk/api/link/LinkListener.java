// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

/** Receives from a link. Calls come one at a time on the link's own thread and must return soon. */
public interface LinkListener {
  /** A message came, maybe not for the first time. */
  void received(Address address, byte[] payload);

  /**
   * The link is connected, at first or again. Also called at once if it is connected when the
   * listener is added.
   */
  void connected();

  /** The link is cut; it tries again by itself. */
  default void disconnected() {}
}
