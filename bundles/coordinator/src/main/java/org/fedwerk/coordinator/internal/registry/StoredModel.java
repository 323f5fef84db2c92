// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.ModelVersion;

/**
 * A committed model and where its bytes are.
 *
 * @param version what it is
 * @param reference its chunks
 */
public record StoredModel(ModelVersion version, ModelReference reference) {
  /** Its chunks and the pieces of their list. */
  public List<Digest> blobs() {
    return reference.parameters().blobs();
  }
}
