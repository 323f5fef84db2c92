// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.aggregate.internal.FedNova;
import org.fedwerk.aggregate.internal.QFedAvg;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.sim.fault.VirtualFederation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two methods at once each do what they do alone: whole federations on virtual time. */
@Timeout(120)
class TogetherTest {
  /** Elements of dense1, which come before those of dense2. */
  private static final int BODY = 15;

  /** Of the summed loss of {@link #flat} and {@link #steep}, which averaging does not find. */
  private static final double MINIMUM = (0.2 * -1 + 2 * 3) / 2.2;

  private static final double RATE = 0.1;

  private static QuadraticEngine flat() {
    return new QuadraticEngine(-1, 10, 0.2);
  }

  private static QuadraticEngine steep() {
    return new QuadraticEngine(3, 10, 2);
  }

  private static double body(float[] vector) {
    return mean(vector, 0, BODY);
  }

  private static double head(float[] vector) {
    return mean(vector, BODY, vector.length);
  }

  private static double mean(float[] vector, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += vector[i];
    }
    return sum / (to - from);
  }

  /** Any method may make the model that Ditto's personal ones are pulled to. */
  @Test
  void aPersonalModelIsPulledToTheModelThatControlVariatesFind() {
    QuadraticEngine flat = flat();
    QuadraticEngine steep = steep();
    TwoSites.run(new FedAvg(), "local: {scaffold: on, ditto: 0.2}\n", 60, flat, steep);
    assertEquals(MINIMUM, body(flat.start()), 0.01);
    // c (v - m) + lambda (v - x) = 0
    assertEquals((0.2 * -1 + 0.2 * MINIMUM) / 0.4, body(flat.personal()), 0.02);
    assertEquals((2 * 3 + 0.2 * MINIMUM) / 2.2, body(steep.personal()), 0.02);
  }

  /** Control variates correct what travels, whichever epochs the site's own layers have. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void controlVariatesHoldSharedLayersWhileOthersStayAtTheSites(int headEpochs) {
    QuadraticEngine flat = flat();
    QuadraticEngine steep = steep();
    String local = "local: {scaffold: on, layers: [dense2], head-epochs: " + headEpochs + "}\n";
    TwoSites.run(new FedAvg(), local, 60, flat, steep);
    assertEquals(MINIMUM, body(flat.judged()), 0.01);
    assertEquals(MINIMUM, body(steep.judged()), 0.01);
    assertEquals(-1, head(flat.judged()), 0.01);
    assertEquals(3, head(steep.judged()), 0.01);
  }

  @Test
  void theModelOfASitesClusterIsFineTuned() {
    QuadraticEngine a = new QuadraticEngine(2, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(2.5, 10, 0.5);
    String local = "local: {clusters: 2, fine-tune: {layers: 1, epochs: 10, rate: 0.1}}\n";
    VirtualFederation federation = TwoSites.run(new FedAvg(), local, 20, a, b);
    Map<String, Double> shown = ClustersTest.newest(federation);
    assertEquals(shown.get("cluster.a"), shown.get("cluster.b"), "one cluster has both");
    assertEquals(2.25, body(a.judged()), 0.02);
    assertEquals(2.25, body(b.judged()), 0.02);
    assertEquals(2, head(a.judged()), 0.02);
    assertEquals(2.5, head(b.judged()), 0.02);
  }

  /** The version that statistics make has whose model is whose, or nobody could be parted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalisation: federated\n",
        "compression: {values: mask, share: 0.5, precision: int8, zstd: on, skip-below: 0.0001}\n",
        "local: {fine-tune: {layers: 1, epochs: 5, rate: 0.1}}\n",
        "promotion: {by: rule, metric: loss, most: 1000}\n"
      })
  void sitesThatPullApartArePartedBesideOtherChoices(String groups) {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    String split = "clusters: 3, split: {}";
    String all =
        groups.startsWith("local: {")
            ? groups.replace("local: {", "local: {" + split + ", ")
            : groups + "local: {" + split + "}\n";
    VirtualFederation federation = TwoSites.run(new FedAvg(), all, 40, a, b);
    Map<String, Double> shown = ClustersTest.newest(federation);
    assertEquals(2.0, shown.get("clusters"), shown.toString());
    assertNotEquals(shown.get("cluster.a"), shown.get("cluster.b"), shown.toString());
    assertEquals(-1, mean(a.judged(), 0, a.judged().length), 0.05);
    assertEquals(3, mean(b.judged(), 0, b.judged().length), 0.05);
  }

  @Test
  void theModelOfSitesThatAreNotPartedIsFineTuned() {
    QuadraticEngine a = new QuadraticEngine(2, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(2.4, 10, 0.5);
    String local =
        "local: {clusters: 2, split: {}, fine-tune: {layers: 1, epochs: 10, rate: 0.1}}\n";
    VirtualFederation federation = TwoSites.run(new FedAvg(), local, 20, a, b);
    assertEquals(1.0, ClustersTest.newest(federation).get("clusters"));
    assertEquals(2.2, body(a.judged()), 0.02);
    assertEquals(2, head(a.judged()), 0.02);
    assertEquals(2.4, head(b.judged()), 0.02);
  }

  @Test
  void fineTuningGoesOnFromTheSitesOwnLayersAndKeepsThem() {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    String local = "local: {layers: [dense1], fine-tune: {layers: 1, epochs: 10, rate: 0.1}}\n";
    TwoSites.run(new FedAvg(), local, 20, a, b);
    assertEquals(1, head(a.start()), 0.05, "what is shared is not what was fine-tuned");
    assertEquals(-1, body(a.judged()), 0.05);
    assertEquals(3, body(b.judged()), 0.05);
    assertEquals(-1, head(a.judged()), 0.05);
    assertEquals(3, head(b.judged()), 0.05);
  }

  /** Only the steps that moved what travels count, or the busy site would not be normalised. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void fedNovaCountsTheStepsOfTheSharedLayers(int headEpochs) {
    QuadraticEngine idle = new QuadraticEngine(-1, 1, 0.2);
    QuadraticEngine busy = new QuadraticEngine(3, 2, 0.2);
    String groups =
        "strategy: {aggregator: fednova}\nlocal: {layers: [dense2], head-epochs: "
            + headEpochs
            + "}\n";
    TwoSites.run(new FedNova(), groups, 200, idle, busy);
    assertEquals(1, body(idle.judged()), 0.1);
    assertEquals(-1, head(idle.judged()), 0.1);
    assertEquals(3, head(busy.judged()), 0.1);
  }

  @Test
  void whatTopKLeavesOutOfANormalisedUpdateComesLater() {
    QuadraticEngine idle = new QuadraticEngine(-1, 1, 0.2);
    QuadraticEngine busy = new QuadraticEngine(3, 2, 0.2);
    String groups = "strategy: {aggregator: fednova}\ncompression: {values: top-k, share: 0.25}\n";
    TwoSites.run(new FedNova(), groups, 300, idle, busy);
    float[] model = idle.start();
    for (int i = 0; i < model.length; i++) {
      assertEquals(1, model[i], 0.3, "element " + i);
    }
  }

  /** The model before and after the first round; site b's update alone is not skipped. */
  private static float[][] firstRound(Aggregator rule) {
    float[][] models = new float[2][];
    for (int rounds = 1; rounds <= 2; rounds++) {
      QuadraticEngine content = new QuadraticEngine(0, 1, 0.2);
      QuadraticEngine wanting = new QuadraticEngine(3, 2, 0.2);
      String groups =
          "strategy: {aggregator: " + rule.name() + "}\ncompression: {skip-below: 0.2}\n";
      TwoSites.run(rule, groups, rounds, content, wanting);
      models[rounds - 1] = content.start();
    }
    return models;
  }

  /** What plain gradients move in two steps. */
  private static double moved(float start) {
    return (3 - start) * (1 - (1 - RATE * 0.2) * (1 - RATE * 0.2));
  }

  /** x' = x + t sum(p_k d_k / a_k) with a of 1 and 2, and no d of the site that said nothing. */
  @Test
  void aSkippedUpdateIsZeroToFedNova() {
    float[][] models = firstRound(new FedNova());
    for (int i = 0; i < models[0].length; i++) {
      double expected = models[0][i] + 1.5 * 0.5 * moved(models[0][i]) / 2;
      assertEquals(expected, models[1][i], 1e-5, "element " + i);
    }
  }

  /** x' = x + sum(F_k D_k) / sum(|D_k|^2 + L F_k) with q = 1, and no D of that site. */
  @Test
  void aSkippedUpdateIsZeroToQFedAvg() {
    float[][] models = firstRound(new QFedAvg());
    double content = new QuadraticEngine(0, 1, 0.2).loss(models[0]);
    double wanting = new QuadraticEngine(3, 2, 0.2).loss(models[0]);
    double squared = 0;
    for (float start : models[0]) {
      squared += moved(start) * moved(start) / (RATE * RATE);
    }
    double bound = squared + (wanting + content) / RATE;
    for (int i = 0; i < models[0].length; i++) {
      double expected = models[0][i] + wanting * moved(models[0][i]) / RATE / bound;
      assertEquals(expected, models[1][i], 1e-4, "element " + i);
    }
  }
}
