// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.metric;

import java.util.List;
import org.fedwerk.api.Registration;

/**
 * A room's own numbers, for whoever watches the process. Any thread may call, also every second; it
 * answers at once and never from a disk.
 */
public interface MetricSource {
  /** All measurements of now; which ones there are may change, with tasks or sites for example. */
  List<Measurement> measurements();

  /**
   * Lets a listener hear each duration that this room measures. Most rooms measure none.
   *
   * @return closes when it shall hear no more
   */
  default Registration listen(DurationListener listener) {
    return () -> {};
  }
}
