// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * A site whose loss is known in closed form: the mean over the parameters of c_i / 2 (x_i - m)^2.
 * It learns by exact gradients, so that what a federation of such sites comes to can be computed.
 * It reads no example.
 */
final class QuadraticEngine implements Engine {
  private final float minimum;
  private final double[] curvatures;
  private final int stepsOfEpoch;
  private float[] newest = new float[0];

  /**
   * A site.
   *
   * @param minimum m
   * @param curvatures of the parameters, in turn
   * @param stepsOfEpoch 0 for as many as the examples make
   */
  QuadraticEngine(double minimum, int stepsOfEpoch, double... curvatures) {
    this.minimum = (float) minimum;
    this.curvatures = curvatures;
    this.stepsOfEpoch = stepsOfEpoch;
  }

  /** The model that the last training began with. */
  synchronized float[] start() {
    return newest.clone();
  }

  double loss(float[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += curvature(i) / 2 * (x[i] - minimum) * (x[i] - minimum);
    }
    return sum / x.length;
  }

  private double curvature(int i) {
    return curvatures[i % curvatures.length];
  }

  @Override
  public String description() {
    return "quadratic, plain Java";
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    synchronized (this) {
      newest = start.clone();
    }
    int full = (inputs.count() + spec.batch() - 1) / spec.batch();
    int steps = spec.epochs() * (stepsOfEpoch == 0 ? full : stepsOfEpoch);
    float[] x = start.clone();
    for (int step = 1; step <= steps; step++) {
      for (int i = 0; i < x.length; i++) {
        double pull = spec.proximal() * (x[i] - start[i]);
        x[i] -= (float) (spec.rate() * (curvature(i) * (x[i] - minimum) + pull));
      }
      if (!progress.step(step, steps)) {
        throw new CancellationException("cancelled at step " + step);
      }
    }
    return new TrainedVector(x, steps, loss(x) * inputs.count(), inputs.count());
  }

  /** Gives each class the probability whose logarithm is minus the loss, whatever the class. */
  @Override
  public Predictor predictor(Network network, float[] vector) {
    float probability = (float) Math.exp(-loss(vector));
    return new Predictor() {
      @Override
      public float[] predict(int count, float[] values) {
        float[] all = new float[count * network.outputs()];
        Arrays.fill(all, probability);
        return all;
      }

      @Override
      public void close() {
        // Nothing native is held.
      }
    };
  }
}
