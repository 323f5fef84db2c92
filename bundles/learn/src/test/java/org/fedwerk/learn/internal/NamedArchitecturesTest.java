// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;

class NamedArchitecturesTest {
  private final NamedArchitectures architectures = new NamedArchitectures();
  private final Schema schema = Schemas.schema(17, 60, 4);

  @Test
  void anMlpIsFlattenThenDenseAndReluPerHiddenSizeThenDense() throws RefusedException {
    Network network = mlp(64, 32);

    assertEquals(
        List.of(
            new Layer.Flatten(),
            new Layer.Dense("dense1", 1020, 64),
            new Layer.Relu(),
            new Layer.Dense("dense2", 64, 32),
            new Layer.Relu(),
            new Layer.Dense("dense3", 32, 4)),
        network.layers());
    assertArrayEquals(new int[] {17, 60}, network.inputShape());
    assertEquals(4, network.outputs());
  }

  @Test
  void theLayoutNamesEveryPieceWithShapeAndOffset() throws RefusedException {
    assertEquals(
        """
        dense1.weight SHARED [64, 1020] 0
        dense1.bias SHARED [64] 65280
        dense2.weight SHARED [32, 64] 65344
        dense2.bias SHARED [32] 67392
        dense3.weight SHARED [4, 32] 67424
        dense3.bias SHARED [4] 67552
        """,
        mlp(64, 32).layout().text());
    assertEquals(67556, mlp(64, 32).layout().size());
  }

  @Test
  void noHiddenLayerIsASoftmaxRegression() throws RefusedException {
    assertEquals(List.of(new Layer.Flatten(), new Layer.Dense("dense1", 1020, 4)), mlp().layers());
  }

  @Test
  void anUnknownArchitectureIsRefusedByItsKey() {
    ModelSpec transformer = new ModelSpec("transformer", List.of());

    assertRefused("model.architecture", "\"transformer\"", transformer, schema);
  }

  @Test
  void sizesOutOfRangeAreRefusedOneByOne() {
    assertRefused("model.hidden", "layer 2 has size 0", spec(8, 0), schema);
    assertRefused("model.hidden", "layer 1 has size -3", spec(-3), schema);
    assertRefused("model.hidden", "layer 1 has size 8193", spec(8193), schema);
    List<Integer> deep = Collections.nCopies(17, 4);
    assertRefused("model.hidden", "17 layers", new ModelSpec("mlp", deep), schema);
    RefusedException both =
        assertThrows(RefusedException.class, () -> architectures.network(spec(0, 0), schema));
    assertEquals(2, both.refusals().size());
  }

  @Test
  void moreParametersThanAllowedAreRefusedAlsoBeyondTheRangeOfInt() {
    assertRefused("model.hidden", "67141627 parameters", spec(8192, 8190), Schemas.schema(1, 1, 3));
    assertRefused("model.hidden", "parameters", spec(8192), Schemas.schema(1000, 1000, 2));
  }

  @Test
  void theSameSeedGivesTheSameBitsOnEveryMachine() throws RefusedException {
    float[] vector = architectures.initial(mlp(64, 32), 7);

    assertEquals(
        "b99e7713a4da1cd833af1f65bb47d0855db42b477998a18849cc87b290e3397c",
        Digest.of(Float32.encode(vector, 0, vector.length)).hex());
  }

  @Test
  void anotherSeedGivesAnotherVector() throws RefusedException {
    assertFalse(Arrays.equals(architectures.initial(mlp(8), 1), architectures.initial(mlp(8), 2)));
  }

  @Test
  void weightsAreUniformWithinTheBoundOfHeAndBiasesAreZero() throws RefusedException {
    float[] vector = architectures.initial(mlp(64, 32), 3);
    double bound = Math.sqrt(6.0 / 1020);

    double sum = 0;
    double squares = 0;
    float least = 0;
    float most = 0;
    for (int i = 0; i < 65280; i++) {
      sum += vector[i];
      squares += vector[i] * vector[i];
      least = Math.min(least, vector[i]);
      most = Math.max(most, vector[i]);
    }
    assertTrue(least >= -bound && least < -0.999 * bound, () -> "least weight of " + bound);
    assertTrue(most <= bound && most > 0.999 * bound, () -> "greatest weight of " + bound);
    assertEquals(0, sum / 65280, 0.01 * bound);
    assertEquals(bound * bound / 3, squares / 65280, 0.02 * bound * bound / 3);
    for (int i = 65280; i < 65344; i++) {
      assertEquals(0f, vector[i]);
    }
  }

  @Test
  void aLinearModelHasNoHiddenLayer() throws RefusedException {
    Network linear = architectures.network(new ModelSpec("linear", List.of()), schema);

    assertEquals(List.of(new Layer.Flatten(), new Layer.Dense("dense1", 1020, 4)), linear.layers());
    assertRefused("model.hidden", "take mlp", new ModelSpec("linear", List.of(3)), schema);
  }

  @Test
  void aCnn1dHalvesTheStepsPerLayer() throws RefusedException {
    Network cnn = architectures.network(new ModelSpec("cnn1d", List.of(32, 16), 5), schema);

    assertEquals(
        """
        conv1.weight SHARED [32, 17, 5] 0
        conv1.bias SHARED [32] 2720
        conv2.weight SHARED [16, 32, 5] 2752
        conv2.bias SHARED [16] 5312
        dense1.weight SHARED [4, 240] 5328
        dense1.bias SHARED [4] 6288
        """,
        cnn.layout().text());
    assertEquals(new Layer.Conv1d("conv2", 32, 16, 5, 2, 1, false), cnn.layers().get(2));
  }

  @Test
  void aTcnLooksTwiceAsFarBackPerBlockAndHasAWayAroundEach() throws RefusedException {
    Network tcn = architectures.network(new ModelSpec("tcn", List.of(8, 8)), schema);

    assertEquals(
        """
        block1.conv1.weight SHARED [8, 17, 3] 0
        block1.conv1.bias SHARED [8] 408
        block1.conv2.weight SHARED [8, 8, 3] 416
        block1.conv2.bias SHARED [8] 608
        block1.shortcut.weight SHARED [8, 17, 1] 616
        block1.shortcut.bias SHARED [8] 752
        block2.conv1.weight SHARED [8, 8, 3] 760
        block2.conv1.bias SHARED [8] 952
        block2.conv2.weight SHARED [8, 8, 3] 960
        block2.conv2.bias SHARED [8] 1152
        dense1.weight SHARED [4, 8] 1160
        dense1.bias SHARED [4] 1192
        """,
        tcn.layout().text());
    Layer.Residual second = (Layer.Residual) tcn.layers().get(1);
    assertEquals(new Layer.Conv1d("block2.conv1", 8, 8, 3, 1, 2, true), second.body().get(0));
    assertEquals(List.of(), second.shortcut());
  }

  @Test
  void recurrentLayersStackAndTheirGatesStandUnderEachOther() throws RefusedException {
    Network lstm = architectures.network(new ModelSpec("lstm", List.of(6, 5)), schema);
    Network gru = architectures.network(new ModelSpec("gru", List.of(6)), schema);

    assertEquals(
        """
        lstm1.input.weight SHARED [24, 17] 0
        lstm1.hidden.weight SHARED [24, 6] 408
        lstm1.input.bias SHARED [24] 552
        lstm1.hidden.bias SHARED [24] 576
        lstm2.input.weight SHARED [20, 6] 600
        lstm2.hidden.weight SHARED [20, 5] 720
        lstm2.input.bias SHARED [20] 820
        lstm2.hidden.bias SHARED [20] 840
        dense1.weight SHARED [4, 5] 860
        dense1.bias SHARED [4] 880
        """,
        lstm.layout().text());
    assertEquals(3 * 6 * (17 + 6 + 2) + 4 * 7, gru.layout().size());
  }

  @Test
  void firstWeightsFollowTheFanInAndTheForgetGateBeginsOpen() throws RefusedException {
    Network lstm = architectures.network(new ModelSpec("lstm", List.of(6)), schema);
    float[] first = architectures.initial(lstm, 5);
    double bound = 1 / Math.sqrt(6);

    assertTrue(greatest(first, 0, 552) <= bound && greatest(first, 0, 552) > 0.9 * bound);
    for (int i = 552; i < 600; i++) {
      assertEquals(i >= 558 && i < 564 ? 1f : 0f, first[i], "bias " + i);
    }
    Network cnn = architectures.network(new ModelSpec("cnn1d", List.of(32), 5), schema);
    double he = Math.sqrt(6.0 / (17 * 5));
    float most = greatest(architectures.initial(cnn, 5), 0, 2720);
    assertTrue(most <= he && most > 0.99 * he, () -> most + " of " + he);
  }

  @Test
  void whatConvolutionsAndRecurrencesCannotBeIsRefused() {
    assertRefused("model.kernel", "is 4", new ModelSpec("cnn1d", List.of(8), 4), schema);
    assertRefused("model.kernel", "is 65", new ModelSpec("tcn", List.of(8), 65), schema);
    assertRefused("model.hidden", "no layer", new ModelSpec("cnn1d", List.of()), schema);
    assertRefused("model.hidden", "no layer", new ModelSpec("gru", List.of()), schema);
    List<Integer> deep = Collections.nCopies(13, 4);
    assertRefused("model.hidden", "at most 12 for tcn", new ModelSpec("tcn", deep), schema);
    assertRefused("model.hidden", "parameters", new ModelSpec("lstm", List.of(8192)), schema);
  }

  private static float greatest(float[] values, int from, int to) {
    float greatest = 0;
    for (int i = from; i < to; i++) {
      greatest = Math.max(greatest, Math.abs(values[i]));
    }
    return greatest;
  }

  /** The first outputs of Vigna's reference program for seed 1234567. */
  @Test
  void theGeneratorIsSplitMix64() {
    SplitMix64 random = new SplitMix64(1234567);

    assertEquals("6457827717110365317", Long.toUnsignedString(random.nextLong()));
    assertEquals("3203168211198807973", Long.toUnsignedString(random.nextLong()));
    assertEquals("9817491932198370423", Long.toUnsignedString(random.nextLong()));
  }

  private Network mlp(Integer... hidden) throws RefusedException {
    return architectures.network(spec(hidden), schema);
  }

  private static ModelSpec spec(Integer... hidden) {
    return new ModelSpec("mlp", List.of(hidden));
  }

  private void assertRefused(String where, String part, ModelSpec model, Schema schema) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> architectures.network(model, schema));
    assertEquals(where, refused.refusals().get(0).where());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  @Test
  void aNormalisationBeginsWithWeightAndVarianceOneAndItsStatisticsAreNotLearned()
      throws RefusedException {
    ModelSpec spec = new ModelSpec("cnn1d", List.of(2), 3, true, ModelSpec.Budget.NONE);
    Network network = architectures.network(spec, Schemas.schema(1, 4, 2));
    assertEquals(
        """
        conv1.weight SHARED [2, 1, 3] 0
        conv1.bias SHARED [2] 6
        norm1.weight SHARED [2] 8
        norm1.bias SHARED [2] 10
        norm1.mean BUFFER [2] 12
        norm1.variance BUFFER [2] 14
        dense1.weight SHARED [2, 4] 16
        dense1.bias SHARED [2] 24
        """,
        network.layout().text());
    assertEquals(new Layer.BatchNorm("norm1", 2), network.layers().get(1));
    float[] first = architectures.initial(network, 1);
    assertArrayEquals(new float[] {1, 1, 0, 0, 0, 0, 1, 1}, Arrays.copyOfRange(first, 8, 16));
    assertEquals(spec.norms(), List.of("norm1"));
  }

  @Test
  void everyArchitectureThatMayHaveNormalisationHasTheLayersThatItNames() throws RefusedException {
    for (String architecture : ModelSpec.WITH_NORM) {
      ModelSpec spec = new ModelSpec(architecture, List.of(4, 3), 3, true, ModelSpec.Budget.NONE);
      Schema inputs = architecture.equals(ModelSpec.CNN2D) ? Schemas.images(1, 6, 6, 2) : schema;
      String layout = architectures.network(spec, inputs).layout().text();
      for (String norm : spec.norms()) {
        assertTrue(layout.contains(norm + ".variance BUFFER ["), layout);
      }
      assertEquals(
          spec.norms().size(), layout.lines().filter(each -> each.contains(".variance ")).count());
    }
    ModelSpec none = new ModelSpec("lstm", List.of(4), 3, true, ModelSpec.Budget.NONE);
    assertThrows(RefusedException.class, () -> architectures.network(none, schema));
  }
}
