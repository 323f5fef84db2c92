// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Locale;
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
 * @param threshold anomaly score above which a part is an alarm here; NaN in other tasks
 */
record Deployment(
    KnownTask task,
    Network network,
    float[] vector,
    Normalisation normalisation,
    ModelReference model,
    int localRevision,
    double threshold) {
  /** What an alarm is, as part of a description; empty in other tasks. */
  String alarm() {
    return Double.isNaN(threshold)
        ? ""
        : String.format(Locale.ROOT, ", alarm above %.4g", threshold);
  }

  Schema schema() {
    return task.task().schema();
  }
}
