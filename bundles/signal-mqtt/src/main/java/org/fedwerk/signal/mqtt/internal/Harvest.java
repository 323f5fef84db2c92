// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;

/**
 * What messages gave, each list in the order of arrival; filled by {@link MessageMapper}.
 *
 * @param samples values of signals
 * @param labels labels that the code table knows
 * @param unmapped labels that it does not know
 */
record Harvest(List<Sample> samples, List<LabelReport> labels, List<Unmapped> unmapped) {
  /** A label whose code is not in the table. */
  record Unmapped(String label, String serial) {}

  static Harvest empty() {
    return new Harvest(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }
}
