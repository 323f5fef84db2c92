// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * An engine that keeps the parameters that it predicted with last, since a federation's model does
 * not leave it otherwise. Any thread.
 */
final class KeepingEngine implements Engine {
  private static final int KEPT = 12;

  private final Engine engine;
  private final Deque<float[]> vectors = new ArrayDeque<>();

  KeepingEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String description() {
    return engine.description();
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    return engine.train(network, spec, inputs, start, seed, progress);
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
    return engine.train(network, spec, inputs, start, guide, seed, progress);
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    synchronized (vectors) {
      vectors.addFirst(vector.clone());
      if (vectors.size() > KEPT) {
        vectors.removeLast();
      }
    }
    return engine.predictor(network, vector);
  }

  /** The newest of the kept ones for which something holds. */
  Optional<float[]> newest(Predicate<float[]> holds) {
    synchronized (vectors) {
      return vectors.stream().filter(holds).findFirst();
    }
  }
}
