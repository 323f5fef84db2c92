// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;

class AutoencodersTest {
  private final NamedArchitectures architectures = new NamedArchitectures();
  private final Schema schema = schema(3, 13);

  static Schema schema(int signals, int steps) {
    Schema any = Schemas.schema(signals, steps, 2);
    return new Schema(
        any.name(),
        1,
        any.signals(),
        any.window(),
        new LabelSpec("", List.of(), Duration.ofHours(1), Target.NORMALITY));
  }

  @Test
  void aDenseOneMirrorsItsSizesAroundTheBottleneck() throws RefusedException {
    Network network =
        architectures.network(new ModelSpec("autoencoder", List.of(16, 8, 2)), schema);

    assertEquals(
        List.of(
            new Layer.Flatten(),
            new Layer.Dense("encoder1", 39, 16),
            new Layer.Relu(),
            new Layer.Dense("encoder2", 16, 8),
            new Layer.Relu(),
            new Layer.Dense("encoder3", 8, 2),
            new Layer.Dense("decoder1", 2, 8),
            new Layer.Relu(),
            new Layer.Dense("decoder2", 8, 16),
            new Layer.Relu(),
            new Layer.Dense("decoder3", 16, 39)),
        network.layers());
    assertEquals(39, network.outputs());
    assertEquals(Network.Head.RECONSTRUCTION, network.head());
    assertEquals(
        "encoder1.weight SHARED [16, 39] 0", network.layout().text().lines().findFirst().get());
  }

  @Test
  void aConvolutionalOneHalvesTheStepsAndGoesBackToAsMany() throws RefusedException {
    Network network =
        architectures.network(new ModelSpec("conv-autoencoder", List.of(8, 2), 5), schema);

    assertEquals(
        List.of(
            new Layer.Conv1d("encoder1", 3, 8, 5, 2, 1, false),
            new Layer.Relu(),
            new Layer.Conv1d("encoder2", 8, 2, 5, 2, 1, false),
            new Layer.TransposedConv1d("decoder1", 2, 8, 5, 7),
            new Layer.Relu(),
            new Layer.TransposedConv1d("decoder2", 8, 3, 5, 13),
            new Layer.Flatten()),
        network.layers());
    assertEquals(
        """
        encoder1.weight SHARED [8, 3, 5] 0
        encoder1.bias SHARED [8] 120
        encoder2.weight SHARED [2, 8, 5] 128
        encoder2.bias SHARED [2] 208
        decoder1.weight SHARED [8, 2, 5] 210
        decoder1.bias SHARED [8] 290
        decoder2.weight SHARED [3, 8, 5] 298
        decoder2.bias SHARED [3] 418
        """,
        network.layout().text());
    assertEquals(39, network.outputs());
  }

  @Test
  void theSameSeedGivesTheSameBitsOnEveryMachine() throws RefusedException {
    assertEquals(DENSE, digest(new ModelSpec("autoencoder", List.of(16, 8, 2))));
    assertEquals(CONVOLUTIONAL, digest(new ModelSpec("conv-autoencoder", List.of(8, 2), 5)));
  }

  private static final String DENSE =
      "cafc970d0fdfa605d4450703dc86582ebc1c4adda0db440d93aaec42f3307321";
  private static final String CONVOLUTIONAL =
      "a12b418bebabf75748060be69abfca97a37f02733c0354f4a7ba745b7600002f";

  private String digest(ModelSpec model) throws RefusedException {
    float[] vector = architectures.initial(architectures.network(model, schema), 7);
    return Digest.of(Float32.encode(vector, 0, vector.length)).hex();
  }

  @Test
  void weightsOfATransposedConvolutionFollowTheInputsThatAreNotZero() throws RefusedException {
    Network network =
        architectures.network(new ModelSpec("conv-autoencoder", List.of(64, 2), 5), schema);
    float[] first = architectures.initial(network, 3);
    int from = network.layout().entries().get(6).offset();
    int to = network.layout().entries().get(7).offset();
    double bound = Math.sqrt(6 / (64 * 5 / 2.0));
    double most = 0;
    for (int i = from; i < to; i++) {
      most = Math.max(most, Math.abs(first[i]));
    }
    assertTrue(most <= bound && most > 0.99 * bound, most + " of " + bound);
  }

  @Test
  void aBottleneckAsWideAsTheWindowIsRefused() {
    refused("39 values, and the window has 39", "autoencoder", schema, 16, 39);
    refused("49 values, and the window has 39", "conv-autoencoder", schema, 7);
    refused("no layer", "autoencoder", schema);
  }

  @Test
  void itGoesWithAnomaliesAndNothingElseDoes() {
    refused("does not go with schema.label.kind class", "autoencoder", Schemas.schema(3, 13, 2), 2);
    refused("does not go with schema.label.kind anomaly", "mlp", schema, 2);
  }

  private void refused(String part, String architecture, Schema of, Integer... hidden) {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> architectures.network(new ModelSpec(architecture, List.of(hidden)), of));
    assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
  }
}
