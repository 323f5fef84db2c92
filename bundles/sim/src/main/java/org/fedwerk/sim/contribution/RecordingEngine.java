// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.contribution;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/** A site's engine that keeps what each training made of which model. Any thread. */
final class RecordingEngine implements Engine {
  private final Engine engine;
  private final List<Training> trainings = new ArrayList<>();

  /**
   * A training.
   *
   * @param start the model it began with
   * @param delta what the site sends
   * @param examples what the update weighs
   */
  record Training(float[] start, float[] delta, int examples) {}

  RecordingEngine(Engine engine) {
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
    TrainedVector trained = engine.train(network, spec, inputs, start, seed, progress);
    float[] delta = new float[start.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = trained.vector()[i] - start[i];
    }
    synchronized (trainings) {
      trainings.add(new Training(start.clone(), delta, inputs.count()));
    }
    return trained;
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    return engine.predictor(network, vector);
  }

  /** One after the other. */
  List<Training> trainings() {
    synchronized (trainings) {
      return List.copyOf(trainings);
    }
  }
}
