// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.List;
import org.fedwerk.api.RefusedException;

/** Looks around in a source's address space, for the person who writes its configuration. */
public interface SignalBrowser {
  /** The source's instance name. */
  String name();

  /**
   * The children of a node. Blocks for a network round trip.
   *
   * @param nodeId a node id such as {@code nsu=urn:x;s=y}; empty for the Objects folder
   * @throws RefusedException if there is no connection or no such node
   */
  List<Entry> browse(String nodeId) throws RefusedException;

  /**
   * One child.
   *
   * @param nodeId ready to be pasted into a configuration
   * @param kind Object, Variable, Method
   * @param type data type name for variables, else empty
   */
  record Entry(String nodeId, String name, String kind, String type) {}
}
