// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** A loaded model that predicts. Not thread-safe; close it to free native memory. */
public interface Predictor extends AutoCloseable {
  /**
   * What the network's head gives: class probabilities (softmax of the logits), a probability per
   * class, a scaled number, or the input rebuilt.
   *
   * @param count number of examples n, at least 1
   * @param values [n x input size], normalised
   * @return [n x outputs]; of softmax, rows sum to 1
   */
  float[] predict(int count, float[] values);

  @Override
  void close();
}
