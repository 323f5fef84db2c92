// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.nio.charset.StandardCharsets;
import org.fedwerk.api.Digest;

/**
 * A task with the exact document it was read from; the digest of the document's bytes names the
 * task everywhere.
 *
 * @param task what the document says
 * @param yaml the document
 */
public record TaskDocument(Task task, String yaml) {
  /** SHA-256 of the document in UTF-8. */
  public Digest digest() {
    return Digest.of(yaml.getBytes(StandardCharsets.UTF_8));
  }
}
