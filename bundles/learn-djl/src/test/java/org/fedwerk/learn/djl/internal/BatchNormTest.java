// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainingGuide;
import org.junit.jupiter.api.Test;

/** Batch normalisation in front of a dense layer, against its definition in double precision. */
class BatchNormTest {
  private static final int CHANNELS = 2;
  private static final int CLASSES = 2;
  private static final double RATE = 0.1;

  /** Offsets in the vector. */
  private static final int BIAS = CHANNELS;

  private static final int MEAN = 2 * CHANNELS;
  private static final int VARIANCE = 3 * CHANNELS;
  private static final int DENSE = 4 * CHANNELS;

  private static Network network(int steps, ParameterRole statistics) {
    List<LayoutEntry> entries = new ArrayList<>();
    boolean stays = statistics == ParameterRole.LOCAL;
    ParameterRole learned = stays ? ParameterRole.LOCAL : ParameterRole.SHARED;
    int[] channels = {CHANNELS};
    entries.add(new LayoutEntry("norm1.weight", channels, 0, learned));
    entries.add(new LayoutEntry("norm1.bias", channels, BIAS, learned));
    entries.add(new LayoutEntry("norm1.mean", channels, MEAN, statistics));
    entries.add(new LayoutEntry("norm1.variance", channels, VARIANCE, statistics));
    int width = CHANNELS * steps;
    int[] weights = {CLASSES, width};
    entries.add(new LayoutEntry("dense1.weight", weights, DENSE, ParameterRole.SHARED));
    int[] biases = {CLASSES};
    entries.add(
        new LayoutEntry("dense1.bias", biases, DENSE + CLASSES * width, ParameterRole.SHARED));
    return new Network(
        List.of(
            new Layer.BatchNorm("norm1", CHANNELS),
            new Layer.Flatten(),
            new Layer.Dense("dense1", width, CLASSES)),
        new Layout(entries),
        new int[] {CHANNELS, steps},
        CLASSES);
  }

  private static float[] start(Network network) {
    Random random = new Random(3);
    float[] start = new float[network.layout().size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) (0.5 + random.nextDouble());
    }
    return start;
  }

  private static LabelledInputs inputs(int count, int steps) {
    return Fixtures.clouds(count, CHANNELS * steps, CLASSES, 0.7, 11);
  }

  /** Mean and variance of a channel over a batch. */
  private static double[] moments(LabelledInputs inputs, int steps, int channel) {
    double sum = 0;
    double squares = 0;
    int n = inputs.count() * steps;
    for (int i = 0; i < inputs.count(); i++) {
      for (int k = 0; k < steps; k++) {
        sum += inputs.values()[(i * CHANNELS + channel) * steps + k];
      }
    }
    for (int i = 0; i < inputs.count(); i++) {
      for (int k = 0; k < steps; k++) {
        double apart = inputs.values()[(i * CHANNELS + channel) * steps + k] - sum / n;
        squares += apart * apart;
      }
    }
    return new double[] {sum / n, squares / n};
  }

  /** Probabilities of an example; by the batch's moments, or by those that were kept. */
  private static double[] probabilities(
      double[] vector, LabelledInputs inputs, int steps, int example, boolean training) {
    int width = CHANNELS * steps;
    double[] logits = new double[CLASSES];
    for (int channel = 0; channel < CHANNELS; channel++) {
      double[] moments =
          training
              ? moments(inputs, steps, channel)
              : new double[] {vector[MEAN + channel], vector[VARIANCE + channel]};
      for (int k = 0; k < steps; k++) {
        double x = inputs.values()[example * width + channel * steps + k];
        double y = vector[channel] * (x - moments[0]) / Math.sqrt(moments[1] + 1e-5);
        y += vector[BIAS + channel];
        for (int c = 0; c < CLASSES; c++) {
          logits[c] += vector[DENSE + c * width + channel * steps + k] * y;
        }
      }
    }
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = Math.exp(logits[c] + vector[DENSE + CLASSES * width + c]);
      sum += logits[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      logits[c] /= sum;
    }
    return logits;
  }

  private static double loss(double[] vector, LabelledInputs inputs, int steps) {
    double loss = 0;
    for (int n = 0; n < inputs.count(); n++) {
      double[] all = probabilities(vector, inputs, steps, n, true);
      loss -= Math.log(all[inputs.classes()[n]]) / inputs.count();
    }
    return loss;
  }

  private static float[] trained(Network network, LabelledInputs inputs, TrainingGuide guide) {
    return ENGINE
        .train(
            network,
            Fixtures.sgd(RATE, 0, inputs.count(), 1),
            inputs,
            start(network),
            guide,
            1,
            (done, total) -> true)
        .vector();
  }

  @Test
  void predictionsTakeTheMomentsThatWereKept() {
    for (int steps : new int[] {1, 5}) {
      Network network = network(steps, ParameterRole.BUFFER);
      float[] start = start(network);
      LabelledInputs inputs = inputs(6, steps);
      try (Predictor predictor = ENGINE.predictor(network, start)) {
        float[] given = predictor.predict(6, inputs.values());
        double[] vector = widened(start);
        for (int n = 0; n < 6; n++) {
          double[] expected = probabilities(vector, inputs, steps, n, false);
          assertEquals(expected[0], given[n * CLASSES], 1e-5, "example " + n);
        }
      }
    }
  }

  @Test
  void aVarianceThatRoundingLeftBelowZeroCountsAsZero() {
    Network network = network(1, ParameterRole.BUFFER);
    float[] start = start(network);
    start[VARIANCE] = -1e-3f;
    LabelledInputs inputs = inputs(2, 1);
    double[] vector = widened(start);
    vector[VARIANCE] = 0;
    try (Predictor predictor = ENGINE.predictor(network, start)) {
      float[] given = predictor.predict(2, inputs.values());
      assertEquals(probabilities(vector, inputs, 1, 0, false)[0], given[0], 1e-5);
    }
  }

  private static double[] widened(float[] vector) {
    double[] wide = new double[vector.length];
    Arrays.setAll(wide, i -> vector[i]);
    return wide;
  }

  @Test
  void aStepFollowsTheGradientThroughTheBatchsMomentsAndMovesWhatIsKept() {
    for (int steps : new int[] {1, 5}) {
      for (ParameterRole role : new ParameterRole[] {ParameterRole.BUFFER, ParameterRole.LOCAL}) {
        Network network = network(steps, role);
        float[] start = start(network);
        LabelledInputs inputs = inputs(8, steps);
        float[] after = trained(network, inputs, TrainingGuide.NONE);
        for (int i = 0; i < start.length; i++) {
          if (i >= MEAN && i < DENSE) {
            continue;
          }
          double[] less = widened(start);
          double[] more = widened(start);
          less[i] -= 1e-4;
          more[i] += 1e-4;
          double slope = (loss(more, inputs, steps) - loss(less, inputs, steps)) / 2e-4;
          assertEquals(-RATE * slope, (double) after[i] - start[i], 2e-5, "parameter " + i);
        }
        for (int channel = 0; channel < CHANNELS; channel++) {
          double[] moments = moments(inputs, steps, channel);
          assertEquals(0.9 * start[MEAN + channel] + 0.1 * moments[0], after[MEAN + channel], 1e-5);
          assertEquals(
              0.9 * start[VARIANCE + channel] + 0.1 * moments[1], after[VARIANCE + channel], 1e-5);
        }
      }
    }
  }

  @Test
  void aSingleValuePerChannelAndALayerAtRestLeaveWhatIsKept() {
    Network network = network(1, ParameterRole.BUFFER);
    float[] start = start(network);
    float[] alone = trained(network, inputs(1, 1), TrainingGuide.NONE);
    assertArrayEquals(
        Arrays.copyOfRange(start, MEAN, DENSE), Arrays.copyOfRange(alone, MEAN, DENSE));
    TrainingGuide dense = TrainingGuide.NONE.of(Set.of("dense1.weight", "dense1.bias"));
    assertArrayEquals(kept(start), kept(trained(network, inputs(8, 1), dense)));
  }

  private static float[] kept(float[] vector) {
    return Arrays.copyOfRange(vector, 0, DENSE);
  }
}
