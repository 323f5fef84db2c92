// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * Trains and predicts with the Deep Java Library on PyTorch or MXNet. Any thread may call; nothing
 * here starts one. The native library is loaded by the first call that needs it.
 */
public final class DjlEngine implements Engine {
  private final NativeEngine nativeEngine;
  private final Framework framework;
  private final BaseFiles bases;
  private final Set<Training> trainings = ConcurrentHashMap.newKeySet();
  private final Set<DjlPredictor> predictors = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** In plain Java, with the engine on the class path; {@code auto} is PyTorch. */
  public DjlEngine(EngineSettings settings) {
    this(settings.framework().orElse(Framework.PYTORCH), settings);
  }

  private DjlEngine(Framework framework, EngineSettings settings) {
    this(framework, settings, () -> ai.djl.engine.Engine.getEngine(framework.engine()));
  }

  DjlEngine(Framework framework, EngineSettings settings, Supplier<ai.djl.engine.Engine> source) {
    this.nativeEngine = new NativeEngine(framework, settings, source);
    this.framework = framework;
    this.bases = new BaseFiles(settings.bases());
  }

  @Override
  public String description() {
    return nativeEngine.get().description();
  }

  @Override
  public Optional<String> refusal(Network network) {
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Base base) {
        String refusal =
            framework == Framework.PYTORCH
                ? bases.refusal(base.file())
                : "the task needs a base, which is TorchScript, and this site learns on "
                    + framework.engine();
        return Optional.of(refusal).filter(words -> !words.isEmpty());
      }
    }
    return Optional.empty();
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
    ArgumentChecks.training(network, spec, inputs, start);
    ArgumentChecks.guide(network, guide);
    try (Training training =
        new Training(nativeEngine.get(), network, spec, inputs, start, guide)) {
      trainings.add(training);
      try {
        if (stopped) {
          throw new CancellationException(Training.STOPPED);
        }
        return training.run(seed, progress);
      } finally {
        trainings.remove(training);
      }
    }
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    ArgumentChecks.vector(network, vector);
    DjlPredictor predictor =
        new DjlPredictor(nativeEngine.get(), network, vector, predictors::remove);
    predictors.add(predictor);
    if (stopped) {
      predictor.close();
    }
    return predictor;
  }

  /**
   * Cancels trainings and closes predictors; waits for the step or prediction that each is in, not
   * longer.
   */
  public void stop() {
    stopped = true;
    trainings.forEach(Training::stop);
    predictors.forEach(DjlPredictor::close);
    nativeEngine.stop();
  }
}
