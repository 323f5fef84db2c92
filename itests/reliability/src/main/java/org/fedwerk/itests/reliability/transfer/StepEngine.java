// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.util.Arrays;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * Learns nothing: takes every parameter a small step that depends on its place, so that an update
 * of any size costs no time and no two of its chunks are alike. For the transport alone.
 */
public final class StepEngine implements Engine {
  @Override
  public String description() {
    return "steps by place, learns nothing";
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    float[] vector = start.clone();
    int hash = (int) seed;
    for (int i = 0; i < vector.length; i++) {
      hash = hash * 1_664_525 + 1_013_904_223;
      vector[i] += (hash >> 8) * 0x1p-34f;
    }
    progress.step(1, 1);
    return new TrainedVector(vector, 1, inputs.count(), inputs.count());
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    return new Predictor() {
      @Override
      public float[] predict(int count, float[] values) {
        float[] even = new float[count * network.outputs()];
        Arrays.fill(even, 1f / network.outputs());
        return even;
      }

      @Override
      public void close() {}
    };
  }
}
