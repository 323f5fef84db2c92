// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.replies.UpdateReader;

/**
 * What never changes about a submitted task.
 *
 * @param document the document
 * @param digest its digest
 * @param network the architecture it means
 * @param strategy the rules it names
 * @param updates reads the updates of its sites
 * @param rangeElements elements per range, fixed when it was submitted
 */
record TaskContext(
    TaskDocument document,
    Digest digest,
    Network network,
    Strategy strategy,
    UpdateReader updates,
    int rangeElements) {
  Task task() {
    return document.task();
  }

  /** Number of ranges of the model. */
  int ranges() {
    return (int) ((layout().size() + rangeElements - 1L) / rangeElements);
  }

  /** What of the network travels, and what with it. */
  Exchange exchange() {
    return Exchange.of(network, task().local());
  }

  /** Layout of the vector that travels, which is all that a coordinator holds. */
  Layout layout() {
    return exchange().layout();
  }
}
