// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;

/**
 * Names the one reply a site gives in a phase; the first complete one wins.
 *
 * @param task digest of the task
 * @param round from 1
 * @param attempt from 1
 * @param phase index from 0
 * @param site the site's id
 */
public record ReplyKey(Digest task, int round, int attempt, int phase, String site) {
  @Override
  public String toString() {
    return task.brief() + "/" + round + "/" + attempt + "/" + phase + "/" + site;
  }
}
