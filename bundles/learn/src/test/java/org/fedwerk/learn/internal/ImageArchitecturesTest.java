// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;

class ImageArchitecturesTest {
  private final NamedArchitectures architectures = new NamedArchitectures();
  private final Schema schema = Schemas.images(3, 21, 10, 4);

  @Test
  void aCnn2dHalvesRowsAndColumnsPerLayer() throws RefusedException {
    Network cnn = architectures.network(new ModelSpec("cnn2d", List.of(8, 16), 5), schema);

    assertEquals(
        List.of(
            new Layer.Conv2d("conv1", 3, 8, 5, 2),
            new Layer.Relu(),
            new Layer.Conv2d("conv2", 8, 16, 5, 2),
            new Layer.Relu(),
            new Layer.Flatten(),
            new Layer.Dense("dense1", 16 * 6 * 3, 4)),
        cnn.layers());
    assertEquals(
        """
        conv1.weight SHARED [8, 3, 5, 5] 0
        conv1.bias SHARED [8] 600
        conv2.weight SHARED [16, 8, 5, 5] 608
        conv2.bias SHARED [16] 3808
        dense1.weight SHARED [4, 288] 3824
        dense1.bias SHARED [4] 4976
        """,
        cnn.layout().text());
    assertArrayEquals(new int[] {3, 21, 10}, cnn.inputShape());
    assertEquals(4, cnn.outputs());
  }

  @Test
  void theSameSeedGivesTheSameBitsOnEveryMachineWithinTheBoundOfHe() throws RefusedException {
    Network cnn = architectures.network(new ModelSpec("cnn2d", List.of(8, 16), 5), schema);
    float[] first = architectures.initial(cnn, 7);

    assertEquals(
        "d75189d61cb78388822bb9466a00ac1ec18d58224125ae842f38d88839032afa",
        Digest.of(Float32.encode(first, 0, first.length)).hex());
    double he = Math.sqrt(6.0 / (3 * 5 * 5));
    double most = 0;
    for (int i = 0; i < 600; i++) {
      most = Math.max(most, Math.abs(first[i]));
    }
    assertTrue(most <= he && most > 0.98 * he, most + " of " + he);
    assertArrayEquals(new float[8], Arrays.copyOfRange(first, 600, 608));
  }

  @Test
  void whatTakesNumbersInARowTakesThePixels() throws RefusedException {
    Network mlp = architectures.network(new ModelSpec("mlp", List.of(5)), schema);
    assertEquals(new Layer.Dense("dense1", 630, 5), mlp.layers().get(1));
    Network linear = architectures.network(new ModelSpec("linear", List.of()), schema);
    assertEquals(630 * 4 + 4, linear.layout().size());
    Schema normal =
        Schema.ofImages(
            "plates",
            1,
            new ImageSpec("camera", 6, 5, ImageSpec.GREY, true, true),
            new LabelSpec("", List.of(), Duration.ofHours(1), Target.NORMALITY));
    Network rebuilding = architectures.network(new ModelSpec("autoencoder", List.of(8, 2)), normal);
    assertEquals(30, rebuilding.outputs());
    assertEquals(Network.Head.RECONSTRUCTION, rebuilding.head());
  }

  @Test
  void windowsAndImagesAreNotMixedUp() {
    for (String windows : List.of("cnn1d", "tcn", "lstm", "gru")) {
      assertRefused(
          "model.architecture",
          "schema.image says images",
          new ModelSpec(windows, List.of(4)),
          schema);
    }
    assertRefused(
        "model.architecture",
        "take cnn1d",
        new ModelSpec("cnn2d", List.of(4)),
        Schemas.schema(3, 8, 2));
    assertRefused(
        "model.architecture", "no architecture \"vit\"", new ModelSpec("vit", List.of(4)), schema);
  }

  @Test
  void whatACnn2dCannotBeIsRefused() {
    assertRefused("model.kernel", "is 4", new ModelSpec("cnn2d", List.of(8), 4), schema);
    assertRefused("model.hidden", "no layer", new ModelSpec("cnn2d", List.of()), schema);
    assertRefused(
        "model.hidden", "at most 16", new ModelSpec("cnn2d", Collections.nCopies(17, 4)), schema);
    assertRefused(
        "model.hidden",
        "parameters",
        new ModelSpec("cnn2d", List.of(8192)),
        Schemas.images(3, 900, 300, 2));
  }

  private void assertRefused(String where, String part, ModelSpec model, Schema of) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> architectures.network(model, of));
    assertEquals(where, refused.refusals().get(0).where());
    assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
  }
}
