// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.task.ModelSpec;

/** Architectures by name. Implemented by the learn room; pure functions. */
public interface Architectures {
  /**
   * The network of a model for a schema.
   *
   * @throws RefusedException if name or parameters are unknown or out of range
   */
  Network network(ModelSpec model, Schema schema) throws RefusedException;

  /**
   * A first parameter vector, the same on every machine for the same seed: He-uniform weights of
   * dense layers and convolutions, of transposed ones too, uniform ones in +-1/sqrt(units) of
   * recurrent layers, biases zero but 1 for the forget gate of an LSTM.
   *
   * @return float32 values of the layout's size
   */
  float[] initial(Network network, long seed);
}
