// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;

/**
 * A global model as it travels: what it is and where its bytes are.
 *
 * @param version number of the round that made it; 0 is the initial one
 * @param digest global digest, checked after assembly
 * @param layout digest of the layout
 * @param parameters its chunks, or the list of them
 * @param change how it is made of the version before, for who has that one
 * @param statistics by which all sites standardise its inputs, one for each pool of {@link
 *     ValuePools}; none where every site keeps its own
 */
public record ModelReference(
    int version,
    Digest digest,
    Digest layout,
    Section parameters,
    Optional<ModelChange> change,
    List<Moments> statistics) {
  public ModelReference {
    statistics = List.copyOf(statistics);
  }

  /** A model that is told as a whole only. */
  public ModelReference(int version, Digest digest, Digest layout, Section parameters) {
    this(version, digest, layout, parameters, Optional.empty(), List.of());
  }

  /** The same model with its chunk list read. */
  public ModelReference with(Section read) {
    return new ModelReference(version, digest, layout, read, change, statistics);
  }

  /** The same model with the chunk list of its change read. */
  public ModelReference withChange(Section read) {
    return with(change.map(how -> new ModelChange(how.base(), read)));
  }

  /** The same model with another word on how it is made. */
  public ModelReference with(Optional<ModelChange> how) {
    return new ModelReference(version, digest, layout, parameters, how, statistics);
  }

  /** The same model with the statistics by which its inputs are standardised. */
  public ModelReference with(List<Moments> federation) {
    return new ModelReference(version, digest, layout, parameters, change, federation);
  }

  /** All that is kept where it is told: of the parameters and of the change. */
  public List<Digest> blobs() {
    Stream<Digest> changed = change.stream().flatMap(each -> each.values().blobs().stream());
    return Stream.concat(parameters.blobs().stream(), changed).toList();
  }
}
