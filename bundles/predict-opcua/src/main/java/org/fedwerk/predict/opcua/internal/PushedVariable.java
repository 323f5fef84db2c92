// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;

/**
 * A variable that puts every value into the queue of every monitored item itself. Guarded by the
 * namespace it belongs to.
 */
final class PushedVariable {
  private final UaVariableNode node;
  private final List<DataItem> items = new ArrayList<>();

  PushedVariable(UaVariableNode node) {
    this.node = node;
  }

  UaVariableNode node() {
    return node;
  }

  void write(DataValue value) {
    node.setValue(value);
    items.stream().filter(DataItem::isSamplingEnabled).forEach(item -> item.setValue(value));
  }

  void add(DataItem item) {
    items.add(item);
    catchUp(item);
  }

  /**
   * Gives an item that begins to listen the newest value (Part 4, 5.13.1). An item that has it
   * already drops it. Before the first value there is nothing to give, so that the first
   * predictions have the whole queue for themselves.
   */
  void catchUp(DataItem item) {
    DataValue newest = node.getValue();
    if (item.isSamplingEnabled()
        && newest.statusCode().value() != StatusCodes.Bad_WaitingForInitialData) {
      item.setValue(newest);
    }
  }

  void remove(DataItem item) {
    items.removeIf(present -> present == item);
  }
}
