// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** A loaded model that predicts. Not thread-safe; close it to free native memory. */
public interface Predictor extends AutoCloseable {
  /**
   * Class probabilities (softmax of the logits).
   *
   * @param count number of examples n, at least 1
   * @param values [n x input size], normalised
   * @return [n x classes], rows sum to 1
   */
  float[] predict(int count, float[] values);

  @Override
  void close();
}
