// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;

/**
 * A global model as it travels: what it is and where its bytes are.
 *
 * @param version number of the round that made it; 0 is the initial one
 * @param digest global digest, checked after assembly
 * @param layout digest of the layout
 * @param parameters its chunks, or the list of them
 * @param change how it is made of the version before, for who has that one
 */
public record ModelReference(
    int version, Digest digest, Digest layout, Section parameters, Optional<ModelChange> change) {
  /** A model that is told as a whole only. */
  public ModelReference(int version, Digest digest, Digest layout, Section parameters) {
    this(version, digest, layout, parameters, Optional.empty());
  }

  /** The same model with its chunk list read. */
  public ModelReference with(Section read) {
    return new ModelReference(version, digest, layout, read, change);
  }

  /** The same model with the chunk list of its change read. */
  public ModelReference withChange(Section read) {
    return with(change.map(how -> new ModelChange(how.base(), read)));
  }

  /** The same model with another word on how it is made. */
  public ModelReference with(Optional<ModelChange> how) {
    return new ModelReference(version, digest, layout, parameters, how);
  }

  /** All that is kept where it is told: of the parameters and of the change. */
  public List<Digest> blobs() {
    Stream<Digest> changed = change.stream().flatMap(each -> each.values().blobs().stream());
    return Stream.concat(parameters.blobs().stream(), changed).toList();
  }
}
