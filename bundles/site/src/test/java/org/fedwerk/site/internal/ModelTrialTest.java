// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

/** The engine says a part is bad if its first value is above 0. */
class ModelTrialTest {
  private final FakeEngine engine = new FakeEngine();
  private final ModelTrial trial = new ModelTrial(engine, new WindowPreparation());
  private String yaml = Tasks.PRESS;

  private Deployment deployment() throws Exception {
    KnownTask task = new KnownTask(new YamlTaskReader().read(yaml), Approval.APPROVED, "", false);
    Schema schema = task.task().schema();
    Network network = new NamedArchitectures().network(task.task().model(), schema);
    float[] vector = new float[network.layout().size()];
    vector[0] = 10;
    Digest digest = Digest.of(new byte[] {7});
    Section none = new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, List.of());
    Normalisation as = new Normalisation(new float[4], new float[] {1, 1, 1, 1});
    return new Deployment(
        task, network, vector, as, new ModelReference(7, digest, digest, none), 1, Double.NaN);
  }

  private static Example part(int n, float first, int classIndex) {
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {first, 0, 0, 0});
    return new Example(
        "S-" + n, Map.of(Example.WINDOW, window), classIndex, 1, DataRole.VALIDATION);
  }

  /** Eight good parts and two bad ones, of all of which so many are as the model says. */
  private static List<Example> right(int right) {
    List<Example> all = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      int label = n < 8 ? 0 : 1;
      boolean saysBad = (label == 1) == (n < right);
      all.add(part(n, saysBad ? 1 : -1, label));
    }
    return all;
  }

  private ModelTrial.Outcome tried(List<Example> validation) throws Exception {
    return trial.of(Optional.of(deployment()), right(10), validation);
  }

  @Test
  void aModelIsEnoughIfItSaysMoreThanOneAnswerForAllParts() throws Exception {
    Worth all = tried(right(10)).worth().orElseThrow();
    assertEquals(
        new Worth(
            7,
            10,
            "balanced-accuracy",
            1,
            "above 0.5000, which an answer without a look at the part gives",
            true),
        all);
    Worth never = tried(right(8)).worth().orElseThrow();
    assertEquals(0.5, never.value(), "it never finds a bad part");
    assertFalse(never.passes());
  }

  @Test
  void whereAccuracyCountsTheAnswerWithoutALookIsTheMostFrequentClass() throws Exception {
    yaml = yaml.replace("rounds: {", "rounds: {metric: accuracy, ");
    Worth some = tried(right(8)).worth().orElseThrow();
    assertEquals(0.8, some.value(), 1e-9);
    assertTrue(some.needed().startsWith("above 0.8000"), some.needed());
    assertFalse(some.passes());
    assertTrue(tried(right(9)).worth().orElseThrow().passes());
  }

  @Test
  void whereThePromotionHasARuleItsBoundIsWhatIsNeeded() throws Exception {
    yaml = yaml + "promotion: {by: rule, metric: accuracy, least: 0.95}\n";
    Worth most = tried(right(9)).worth().orElseThrow();
    assertEquals(0.9, most.value(), 1e-9);
    assertEquals("at least 0.95 (promotion.least)", most.needed());
    assertFalse(most.passes());
    assertTrue(tried(right(10)).worth().orElseThrow().passes());
  }

  @Test
  void ofANumberTheMeanOfTheTrainingLabelsIsTheAnswerWithoutALook() throws Exception {
    yaml =
        yaml.replace("classes: [good, bad]", "kind: value, unit: um, centre: 0, scale: 1")
            .replace("rounds: {", "rounds: {metric: mae, ");
    Schema schema = deployment().task().task().schema();
    Tensor window = new Tensor(new int[] {2, 2}, new float[4]);
    List<Example> parts = new ArrayList<>();
    for (double value : new double[] {1, 5}) {
      parts.add(
          Example.of(
              schema.label(), "S-" + value, window, new double[] {value}, 1, DataRole.VALIDATION));
    }
    Worth zero =
        new ModelTrial(new Constant(3), new WindowPreparation())
            .of(Optional.of(deployment()), parts, parts)
            .worth()
            .orElseThrow();
    assertTrue(zero.needed().startsWith("below 2.000"), zero.needed());
    assertFalse(zero.passes(), "as good as the mean is not better: " + zero);
  }

  /** Says the same number of every part. */
  private record Constant(float number) implements Engine {
    @Override
    public String description() {
      return "constant";
    }

    @Override
    public TrainedVector train(
        Network network,
        TrainingSpec spec,
        LabelledInputs inputs,
        float[] start,
        long seed,
        TrainingProgress progress) {
      throw new UnsupportedOperationException("nothing is trained to try a model");
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      return new Predictor() {
        @Override
        public float[] predict(int count, float[] values) {
          float[] all = new float[count];
          Arrays.fill(all, number);
          return all;
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }
  }

  @Test
  void inAnomalyDetectionTheMeanWindowIsTheAnswerWithoutALook() throws Exception {
    yaml =
        yaml.replace("{name: result, classes", "{kind: anomaly, name: result, classes")
            .replace("mlp, hidden: [3]", "autoencoder, hidden: [2]");
    Worth mean = tried(right(10)).worth().orElseThrow();
    assertEquals("loss", mean.metric());
    assertTrue(mean.needed().startsWith("below 0.2500"), mean.needed());
    assertEquals(0.25, mean.value(), 1e-9, "the engine rebuilds the mean");
    assertFalse(mean.passes());
  }

  @Test
  void withoutAModelAnExampleOrAWorkingEngineNothingIsInvented() throws Exception {
    ModelTrial.Outcome none = trial.of(Optional.empty(), right(10), right(10));
    assertEquals(
        new ModelTrial.Outcome(Optional.empty(), "not known before the first model"), none);
    assertEquals("not known without a validation example", tried(List.of()).unknown());
    engine.broken = true;
    ModelTrial.Outcome broken = tried(right(10));
    assertEquals(Optional.empty(), broken.worth());
    assertEquals("not known: it could not be tried, the site's log says why", broken.unknown());
  }
}
