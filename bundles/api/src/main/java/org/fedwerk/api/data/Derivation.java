// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Optional;

/**
 * Derives a model's input from a part by a schema: a pure function. Implemented by the window room.
 */
public interface Derivation {
  /**
   * The window of a part with the schema's features, or what its image becomes.
   *
   * @return the tensor of {@link Schema#inputShape}, NaN where missing; empty if the part is
   *     unusable
   */
  Result derive(Schema schema, PartData part);

  /**
   * What came out.
   *
   * @param window empty if the part is unusable
   * @param missing number of sampled values that are missing, of {@link Schema#sampledSize}
   * @param reason why there is no window, or why values are missing; empty if all is well
   */
  record Result(Optional<Tensor> window, int missing, String reason) {}
}
