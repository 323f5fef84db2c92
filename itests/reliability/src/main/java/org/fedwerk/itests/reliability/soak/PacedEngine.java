// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.util.concurrent.CancellationException;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/** An engine that rests before each training, so that rounds leave the machine to others too. */
final class PacedEngine implements Engine {
  private final Engine engine;
  private final long restMillis;

  PacedEngine(Engine engine, long restMillis) {
    this.engine = engine;
    this.restMillis = restMillis;
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
    try {
      Thread.sleep(restMillis);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the site closes");
    }
    return engine.train(network, spec, inputs, start, seed, progress);
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    return engine.predictor(network, vector);
  }
}
