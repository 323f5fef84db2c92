// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.jspecify.annotations.Nullable;

/**
 * A small engine in plain Java in place of DJL, so that a process starts at once. It learns
 * nothing; it is a hash with the shape of a training: every bit that comes out depends on every bit
 * that goes in. With noise no two trainings are equal, as they are not once updates carry noise or
 * masks.
 */
public final class WalkEngine implements Engine {
  private static final int STEPS = 4;

  private final LongSupplier noise;

  /**
   * An engine.
   *
   * @param noise mixed into each training; always 0 for one that repeats itself
   */
  public WalkEngine(LongSupplier noise) {
    this.noise = noise;
  }

  @Override
  public String description() {
    return "walk, plain Java";
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    return train(network, spec, inputs, start, TrainingGuide.NONE, seed, progress);
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      TrainingGuide guide,
      long seed,
      TrainingProgress progress) {
    long mixed = mixed(mixed(seed, guide.anchor()), guide.correction());
    for (float value : inputs.values()) {
      mixed = mixed * 31 + Float.floatToIntBits(value);
    }
    for (int label : inputs.classes()) {
      mixed = mixed * 31 + label;
    }
    for (float value : start) {
      mixed = mixed * 31 + Float.floatToIntBits(value);
    }
    SplittableRandom random = new SplittableRandom(mixed + noise.getAsLong());
    float[] vector = start.clone();
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] += (float) random.nextDouble(-0.1, 0.1);
      }
      if (!progress.step(step + 1, STEPS)) {
        throw new CancellationException("cancelled at step " + step);
      }
    }
    return new TrainedVector(vector, STEPS, inputs.count() * random.nextDouble(), inputs.count());
  }

  private static long mixed(long before, float @Nullable [] vector) {
    long mixed = before;
    for (int i = 0; vector != null && i < vector.length; i++) {
      mixed = mixed * 31 + Float.floatToIntBits(vector[i]);
    }
    return mixed;
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    float[] own = vector.clone();
    return new Predictor() {
      @Override
      public float[] predict(int count, float[] values) {
        return probabilities(own, network.outputs(), count, values);
      }

      @Override
      public void close() {
        // Nothing native is held.
      }
    };
  }

  private static float[] probabilities(float[] vector, int classes, int count, float[] values) {
    float[] all = new float[count * classes];
    int width = values.length / count;
    for (int n = 0; n < count; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        double logit = 0;
        for (int i = 0; i < width; i++) {
          logit += vector[(c * width + i) % vector.length] * values[n * width + i];
        }
        double weight = Math.exp(Math.max(-20, Math.min(20, logit)));
        all[n * classes + c] = (float) weight;
        sum += weight;
      }
      for (int c = 0; c < classes; c++) {
        all[n * classes + c] /= (float) sum;
      }
    }
    return all;
  }
}
