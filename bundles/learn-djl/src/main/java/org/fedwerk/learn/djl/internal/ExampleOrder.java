// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import org.fedwerk.api.learn.LabelledInputs;

/** Which examples an epoch reads, in which order; repeats itself from its seed. */
interface ExampleOrder {
  /** The next epoch's examples, as many as there are; may be the same array every time. */
  int[] nextEpoch();

  /** Every example once, or every class as often as any other. */
  static ExampleOrder of(LabelledInputs inputs, boolean balanced, long seed) {
    return balanced
        ? new BalancedOrder(inputs.classes(), seed)
        : new BatchOrder(inputs.count(), seed);
  }
}
