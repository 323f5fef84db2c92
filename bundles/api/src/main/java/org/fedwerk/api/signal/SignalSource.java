// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.List;

/**
 * A configured source of signals or labels: what it offers and what came lately. One service per
 * source.
 */
public interface SignalSource {
  /** The instance name from the configuration, unique at the site. */
  String name();

  /** The signals it delivers. */
  List<SignalDescriptor> signals();

  /** The labels it delivers. */
  List<LabelDescriptor> labels();

  /** The newest state of each signal and label. */
  List<SignalReading> readings();
}
