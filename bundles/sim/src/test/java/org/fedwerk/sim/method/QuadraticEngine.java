// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
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
  private float[] personal = new float[0];
  private float[] judged = new float[0];
  private final List<Set<String>> trained = new ArrayList<>();

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

  /** The personal model that the last training of one began with. */
  synchronized float[] personal() {
    return personal.clone();
  }

  /** The layout's entries that each training moved, oldest first; an empty set for all. */
  synchronized List<Set<String>> trained() {
    return List.copyOf(trained);
  }

  /** The model that the last prediction or evaluation was made with. */
  synchronized float[] judged() {
    return judged.clone();
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
    synchronized (this) {
      trained.add(guide.entries());
      if (guide.anchor() == null) {
        newest = start.clone();
      } else {
        personal = start.clone();
      }
    }
    float[] anchor = guide.anchor() == null ? start : guide.anchor();
    boolean[] moves = moves(network, guide);
    int full = (inputs.count() + spec.batch() - 1) / spec.batch();
    int steps = spec.epochs() * (stepsOfEpoch == 0 ? full : stepsOfEpoch);
    float[] x = start.clone();
    for (int step = 1; step <= steps; step++) {
      for (int i = 0; i < x.length; i++) {
        double pull = spec.proximal() * (x[i] - anchor[i]);
        double term = guide.correction() == null ? 0 : guide.correction()[i];
        double gradient = curvature(i) * (x[i] - minimum) + pull + term;
        x[i] -= moves[i] ? (float) (spec.rate() * gradient) : 0;
      }
      if (!progress.step(step, steps)) {
        throw new CancellationException("cancelled at step " + step);
      }
    }
    return new TrainedVector(x, steps, loss(x) * inputs.count(), inputs.count());
  }

  private static boolean[] moves(Network network, TrainingGuide guide) {
    boolean[] moves = new boolean[network.layout().size()];
    for (LayoutEntry entry : network.layout().entries()) {
      boolean trained = guide.entries().isEmpty() || guide.entries().contains(entry.name());
      Arrays.fill(moves, entry.offset(), entry.offset() + entry.size(), trained);
    }
    return moves;
  }

  /** Gives each class the probability whose logarithm is minus the loss, whatever the class. */
  @Override
  public Predictor predictor(Network network, float[] vector) {
    synchronized (this) {
      judged = vector.clone();
    }
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
