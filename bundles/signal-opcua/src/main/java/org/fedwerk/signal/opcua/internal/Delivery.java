// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.util.List;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemNotification;

/**
 * One notification message.
 *
 * @param sequence its sequence number
 * @param notifications values in the server's order
 * @param isAfterGap true if messages before it are lost for ever
 */
record Delivery(long sequence, List<MonitoredItemNotification> notifications, boolean isAfterGap) {
  Delivery {
    notifications = List.copyOf(notifications);
  }
}
