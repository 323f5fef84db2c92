// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.Digest;

/**
 * That something read a part.
 *
 * @param task digest of the task
 * @param request what it was done for
 * @param first round of the first phase that read it
 * @param last round of the last one in a row
 */
record Use(Digest task, String request, int first, int last) {
  boolean isBy(Digest byTask, String forRequest) {
    return task.equals(byTask) && request.equals(forRequest);
  }
}
