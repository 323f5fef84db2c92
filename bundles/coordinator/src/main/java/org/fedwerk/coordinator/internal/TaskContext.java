// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;

/**
 * What never changes about a submitted task.
 *
 * @param document the document
 * @param digest its digest
 * @param network the architecture it means
 * @param strategy the rules it names
 * @param rangeElements elements per range, fixed when it was submitted
 */
record TaskContext(
    TaskDocument document, Digest digest, Network network, Strategy strategy, int rangeElements) {
  Task task() {
    return document.task();
  }

  /** Number of ranges of the model and of every update. */
  int ranges() {
    return (int) ((layout().size() + rangeElements - 1L) / rangeElements);
  }

  Layout layout() {
    return network.layout();
  }
}
