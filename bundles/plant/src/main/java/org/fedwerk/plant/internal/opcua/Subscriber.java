// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredDataItem;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;

/**
 * One monitored item and how many values it may still hold. The library does not tell how full an
 * item's queue is, only whether it is empty; so values are counted since it was last seen empty,
 * which is never less than what lies in it. Guarded by the signal it belongs to.
 */
final class Subscriber {
  /** How long a full queue of a client that came back under another session is waited for. */
  private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final MonitoredDataItem item;
  private int pending;
  private long fullSince;
  private boolean full;

  Subscriber(MonitoredDataItem item) {
    this.item = item;
  }

  boolean isOf(DataItem other) {
    return item == other;
  }

  NodeId session() {
    return item.getSession().getSessionId();
  }

  String application() {
    return String.valueOf(item.getSession().getClientDescription().getApplicationUri());
  }

  /** Of the same client, but in a session that the client left behind. */
  boolean isFollowedBy(Subscriber later) {
    return application().equals(later.application()) && !session().equals(later.session());
  }

  boolean wantsValues() {
    return item.getMonitoringMode() == MonitoringMode.Reporting;
  }

  /** True if another value fits without pushing one out. */
  boolean hasRoom() {
    if (!item.hasNotifications()) {
      pending = 0;
    }
    boolean room = !wantsValues() || pending < item.getQueueSize();
    if (room) {
      full = false;
    } else if (!full) {
      full = true;
      fullSince = System.nanoTime();
    }
    return room;
  }

  boolean isFullForLong() {
    return full && System.nanoTime() - fullSince > GONE_NANOS;
  }

  void push(DataValue value) {
    item.setValue(value);
    pending++;
  }
}
