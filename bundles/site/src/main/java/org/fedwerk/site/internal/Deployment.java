// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.ModelReference;

/**
 * A global model as this site runs it.
 *
 * @param task the task
 * @param network its architecture
 * @param vector parameters, the layout's size; never changed
 * @param normalisation the site's own
 * @param model what the coordinator calls it
 * @param localRevision revision of what is local to the site
 */
record Deployment(
    KnownTask task,
    Network network,
    float[] vector,
    Normalisation normalisation,
    ModelReference model,
    int localRevision) {
  Schema schema() {
    return task.task().schema();
  }
}
