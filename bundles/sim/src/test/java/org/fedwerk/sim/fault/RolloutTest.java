// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.coordinator.ModelRegistry.Change;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.api.coordinator.ModelRegistry.Version;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.coordinator.internal.ModelOrder;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version that is no good is caught at the canary, and no part goes without a prediction. */
@Timeout(120)
class RolloutTest {
  private static final Duration REPORTED = Duration.ofSeconds(6);
  private static final long SHOWN_WITHIN = Duration.ofSeconds(10).toNanos();
  private static final String CANARY = "a";

  /** So much that no other prediction of this engine takes it, whatever the machine does. */
  private static final Duration ALLOWED = Duration.ofSeconds(2);

  private static final Duration SLOW = ALLOWED.plusMillis(300);

  private final Odd engine = new Odd();
  private final Map<String, Shown> shown = new TreeMap<>();
  private final VirtualFederation federation;
  private long part;

  RolloutTest() {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                plain.sites(),
                site -> engine,
                new FedAvg(),
                plain.weather(),
                plain.work(),
                plain.watch(),
                plain.storage(),
                plain.link(),
                plain.restart()));
    for (String site : plain.sites()) {
      shown.put(site, new Shown());
      federation.show(site, shown.get(site));
    }
  }

  /** What SCADA sees of a site. */
  private static final class Shown implements PredictionSink {
    private final List<Prediction> predictions = new CopyOnWriteArrayList<>();

    @Override
    public void state(
        String task, DeploymentState deployment, LearningState learning, String detail) {
      // The test looks at predictions.
    }

    @Override
    public void publish(Prediction prediction) {
      predictions.add(prediction);
    }

    List<Integer> versions() {
      return predictions.stream().map(Prediction::modelVersion).distinct().toList();
    }
  }

  /** Learns like the walk; calls all parts good, but bad with some models, or fails, or is slow. */
  private static final class Odd implements Engine {
    private final WalkEngine walk = new WalkEngine(() -> 0);
    private final Set<Integer> alarming = ConcurrentHashMap.newKeySet();
    private final Set<Integer> failing = ConcurrentHashMap.newKeySet();
    private final Set<Integer> slow = ConcurrentHashMap.newKeySet();
    private final List<Integer> judged = new CopyOnWriteArrayList<>();

    /** Which of the models that were judged calls all validation parts bad; none at first. */
    private volatile int worse = -1;

    @Override
    public String description() {
      return walk.description();
    }

    @Override
    public TrainedVector train(
        Network network,
        TrainingSpec spec,
        LabelledInputs inputs,
        float[] start,
        long seed,
        TrainingProgress progress) {
      return walk.train(network, spec, inputs, start, seed, progress);
    }

    @Override
    public Predictor predictor(Network network, float[] vector) {
      int model = Arrays.hashCode(vector);
      if (!judged.contains(model)) {
        judged.add(model);
      }
      return new Predictor() {
        @Override
        public float[] predict(int count, float[] values) {
          if (count == 1 && failing.contains(model)) {
            throw new IllegalStateException("the model is broken on purpose");
          }
          if (count == 1 && slow.contains(model)) {
            LockSupport.parkNanos(SLOW.toNanos());
          }
          boolean isBad = alarming.contains(model) || count > 1 && judged.indexOf(model) == worse;
          float[] all = new float[count * network.outputs()];
          for (int n = 0; n < count; n++) {
            all[n * network.outputs() + (isBad ? 1 : 0)] = 1;
          }
          return all;
        }

        @Override
        public void close() {
          // Nothing native is held.
        }
      };
    }
  }

  private void learn(String gate) {
    learn("{by: person}", gate);
  }

  private void learn(String promotion, String gate) {
    federation.start();
    federation.submit(
        Bench.task(
            1,
            "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 3, stall: 30m",
            "promotion: "
                + promotion
                + "\nrollout: {canary: ["
                + CANARY
                + "], gate: "
                + gate
                + "}\n"));
    await(() -> !federation.tasks().isEmpty() && task().run().state().equals("finished"));
  }

  private TaskFacts task() {
    return federation.tasks().get(0);
  }

  private Version version(int number) {
    return task().versions().get(number);
  }

  private void promote(int version) {
    federation.order(new ModelOrder(ModelOrder.Kind.APPROVE, version, "ann", ""));
    federation.order(new ModelOrder(ModelOrder.Kind.PROMOTE, version, "ann", ""));
    var unused = federation.run(Duration.ofSeconds(1), () -> false);
  }

  private void await(BooleanSupplier until) {
    assertTrue(federation.run(Duration.ofHours(1), until), () -> "tasks " + federation.tasks());
  }

  /** Parts are closed at every site, until something holds. */
  private void parts(BooleanSupplier until) {
    for (int i = 0; i < 50 && !until.getAsBoolean(); i++) {
      part++;
      for (String site : shown.keySet()) {
        federation.predict(site, part);
      }
      var unused = federation.run(REPORTED, until);
    }
    assertTrue(until.getAsBoolean(), () -> "tasks " + federation.tasks());
  }

  private void versionOneIsEverywhere() {
    promote(1);
    parts(() -> version(1).state() == State.ACTIVE);
    shown.values().forEach(site -> assertEquals(List.of(1), site.versions()));
  }

  private void noPartWentWithout(String site) {
    List<Prediction> predictions = shown.get(site).predictions;
    long first = Long.parseLong(predictions.get(0).serial().substring("part-".length()));
    // A prediction counts before it is shown, on a thread of its own.
    for (long end = System.nanoTime() + SHOWN_WITHIN; System.nanoTime() < end; ) {
      if (predictions.size() >= part - first + 1) {
        break;
      }
      Thread.onSpinWait();
    }
    List<String> serials = predictions.stream().map(Prediction::serial).toList();
    assertEquals(Set.copyOf(serials).size(), serials.size(), "each part is predicted once");
    assertEquals(part - first + 1, serials.size(), site + " left a part out: " + serials);
    for (int i = 0; i < predictions.size(); i++) {
      assertEquals(i + 1, predictions.get(i).sequence());
    }
  }

  @Test
  void aVersionThatAlarmsTooOftenIsTakenBackAtTheCanaryAndOthersNeverSeeIt() {
    learn("{predictions: 4, alarm-rate: 0.5}");
    engine.alarming.add(engine.judged.get(1));
    versionOneIsEverywhere();
    promote(2);
    parts(() -> version(2).state() == State.RETIRED);
    part();
    part();

    Change back = version(2).changes().get(2);
    assertEquals("the gate", back.by());
    assertTrue(back.why().startsWith("a: alarms are 1.000 of "), back.why());
    assertEquals(State.ACTIVE, version(1).state());
    assertEquals(List.of(1, 2), shown.get(CANARY).versions());
    assertEquals(List.of(1), shown.get("b").versions());
    assertEquals(List.of(1), shown.get("c").versions());
    List<Prediction> atCanary = shown.get(CANARY).predictions;
    assertEquals(1, atCanary.get(atCanary.size() - 1).modelVersion());
    shown.keySet().forEach(this::noPartWentWithout);
  }

  @Test
  void aVersionThatCannotPredictIsTakenBackWhileTheOneBeforePredictsInItsPlace() {
    learn("{predictions: 4}");
    versionOneIsEverywhere();
    engine.failing.add(engine.judged.get(1));
    promote(2);
    parts(() -> version(2).state() == State.RETIRED);
    part();

    assertTrue(version(2).changes().get(2).why().contains("could not be predicted"));
    shown.keySet().forEach(this::noPartWentWithout);
    shown.values().forEach(site -> assertEquals(List.of(1), site.versions()));
  }

  @Test
  void aVersionThatIsTooSlowIsTakenBackByItsLatency() {
    learn("{predictions: 2, latency-p99: " + ALLOWED.toSeconds() + "s}");
    versionOneIsEverywhere();
    engine.slow.add(engine.judged.get(1));
    promote(2);
    parts(() -> version(2).state() == State.RETIRED);

    String why = version(2).changes().get(2).why();
    assertTrue(why.startsWith("a: one prediction in a hundred takes longer than "), why);
    assertTrue(why.endsWith(" s; latency-p99 allows 2.000 s"), why);
    assertEquals(State.ACTIVE, version(1).state());
    assertEquals(List.of(1), shown.get("b").versions());
    shown.keySet().forEach(this::noPartWentWithout);
  }

  @Test
  void aVersionOfAWorseMetricOnTheCanarysValidationPartsIsTakenBack() {
    engine.worse = 1;
    learn("{by: person, metric: accuracy}", "{predictions: 2, metric-drop: 0.2}");
    versionOneIsEverywhere();
    promote(2);
    parts(() -> version(2).state() == State.RETIRED);

    String why = version(2).changes().get(2).why();
    assertEquals(
        "a: accuracy 0.3333 on validation examples, 0.6667 with the version before; metric-drop"
            + " allows 0.2000",
        why);
    assertEquals(State.ACTIVE, version(1).state());
    assertEquals(List.of(1), shown.get("b").versions());
    shown.keySet().forEach(this::noPartWentWithout);
  }

  @Test
  void aGoodVersionReachesEverySiteThroughItsWavesThoughCoordinatorAndCanaryAreKilled() {
    learn("{predictions: 3, time: 1m}");
    versionOneIsEverywhere();
    promote(2);
    part();
    federation.kill("a");
    federation.kill(VirtualNetwork.COORDINATOR);
    federation.start();
    var unused = federation.run(Duration.ofSeconds(1), () -> false);
    assertEquals(1, shown.get("b").versions().size(), "the gate of the canary was not passed yet");
    parts(() -> !federation.tasks().isEmpty() && version(2).state() == State.ACTIVE);
    part();
    assertEquals(List.of(1, 2), shown.get("b").versions());
    assertEquals(State.RETIRED, version(1).state());
    noPartWentWithout("b");
    noPartWentWithout("c");
  }

  private void part() {
    part++;
    for (String site : shown.keySet()) {
      federation.predict(site, part);
    }
    var unused = federation.run(REPORTED, () -> false);
  }
}
