// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.replies;

import java.time.Duration;
import org.fedwerk.api.link.Link;

/** How long what a site was asked for may take before it is asked again. Thread-safe. */
public final class Patience {
  /** While chunks of others come, a site's may stand behind them for so many times longer. */
  private static final int STANDS_BEHIND = 5;

  private final Link link;
  private final long overBroker;

  /**
   * Follows the link to each site.
   *
   * @param overBroker for a site that is reached over a broker
   */
  public Patience(Link link, Duration overBroker) {
    this.link = link;
    this.overBroker = overBroker.toNanos();
  }

  /** True if what happened then, over a broker, is no reason to ask again now. */
  boolean holds(long then, long now) {
    return now - then < overBroker;
  }

  /**
   * Nanoseconds for a site: as configured, or longer where the way to it is a slow one.
   *
   * @param isBusy true while chunks of others come
   */
  public long nanos(String site, boolean isBusy) {
    Duration way = link.roundTrip(site);
    boolean isSlow = way.compareTo(Link.BROKER_ROUND_TRIP) > 0;
    return Math.max(isSlow ? way.toNanos() : 0, isBusy ? STANDS_BEHIND * overBroker : overBroker);
  }
}
