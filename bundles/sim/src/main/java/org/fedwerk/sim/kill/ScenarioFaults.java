// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.sim.fault.Weather;

/**
 * What goes wrong in a scenario by itself, each once in a run: a site's first training fails or
 * takes long, the first fold comes to nothing.
 */
final class ScenarioFaults {
  private final Scenario scenario;
  private final String oddOne;
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger trainings = new AtomicInteger();
  private final AtomicInteger folds = new AtomicInteger();

  /**
   * None has happened.
   *
   * @param oddOne the site they happen to
   */
  ScenarioFaults(Scenario scenario, String oddOne) {
    this.scenario = scenario;
    this.oddOne = oddOne;
  }

  /** The network, on which the site may be slow. */
  Weather weather() {
    if (scenario != Scenario.OVERDUE) {
      return Weather.FAIR;
    }
    return (from, to, payload) ->
        List.of(
            new Weather.Arrival(
                from.equals(oddOne) ? Duration.ofSeconds(2) : Duration.ofMillis(1), payload));
  }

  /** How long a site's next job waits before it runs. */
  Duration work(String site) {
    boolean slow =
        scenario == Scenario.OVERDUE && site.equals(oddOne) && jobs.getAndIncrement() == 0;
    return slow ? Duration.ofSeconds(60) : Duration.ofMillis(5);
  }

  /** The engine of a site. */
  Engine engine(String site, Engine engine) {
    return scenario == Scenario.LEAVE && site.equals(oddOne) ? new Failing(engine) : engine;
  }

  /** Fails at the first training of all its lives. */
  private final class Failing implements Engine {
    private final Engine engine;

    Failing(Engine engine) {
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
      if (trainings.getAndIncrement() == 0) {
        throw new ArithmeticException("the loss is not finite at step 1");
      }
      return engine.train(network, spec, inputs, start, seed, progress);
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      return engine.predictor(network, vector);
    }
  }

  /** The coordinator's aggregator. */
  Aggregator aggregator(Aggregator aggregator) {
    return new Aggregator() {
      @Override
      public String name() {
        return aggregator.name();
      }

      @Override
      public double[] aggregate(List<float[]> updates, double[] weights) {
        if (scenario == Scenario.FOLD_FAILS && folds.getAndIncrement() == 0) {
          throw new IllegalArgumentException("this fold comes to nothing on purpose");
        }
        return aggregator.aggregate(updates, weights);
      }
    };
  }
}
