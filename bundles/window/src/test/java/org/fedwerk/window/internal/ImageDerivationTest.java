// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.Map;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDerivationTest {
  private static final int GREY = ImageSpec.GREY;
  private static final int RGB = ImageSpec.RGB;

  private final SchemaDerivation derivation = new SchemaDerivation();

  private Derivation.Result derive(ImageSpec spec, EncodedImage image) {
    Schema schema = Schema.ofImages("plates", 1, spec, Given.schema(1, "torque").label());
    PartData part =
        new PartData(Given.part("A", 0, 0, 1), Map.of(), false, Map.of("camera", image));
    return derivation.derive(schema, part);
  }

  private float[] values(ImageSpec spec, BufferedImage image) {
    Derivation.Result result = derive(spec, Pictures.png(image));
    Tensor tensor = result.window().orElseThrow(() -> new AssertionError(result.reason()));
    assertArrayEquals(spec.shape(), tensor.shape());
    return tensor.values();
  }

  private static ImageSpec spec(
      int width, int height, int channels, boolean resizes, boolean greys) {
    return new ImageSpec("camera", width, height, channels, resizes, greys);
  }

  @Test
  void greysAreTheSamplesOfTheFileOver255RowByRow() {
    assertArrayEquals(
        new float[] {0, 1f, 128 / 255f, 51 / 255f, 1 / 255f, 254 / 255f},
        values(
            spec(3, 2, GREY, false, false),
            Pictures.grey(3, 2, (x, y) -> new int[] {0, 255, 128, 51, 1, 254}[y * 3 + x])));
  }

  @Test
  void coloursAreThreePlanes() {
    assertArrayEquals(
        new float[] {1, 0, 0, 1, 51 / 255f, 102 / 255f},
        values(
            spec(2, 1, RGB, false, false),
            Pictures.coloured(2, 1, (x, y) -> x == 0 ? 0xFF0033 : 0x00FF66)));
  }

  @Test
  void greyIsTheLumaOfBt601() {
    assertArrayEquals(
        new float[] {0.299f, 0.587f, 0.114f, 1f},
        values(
            spec(4, 1, GREY, false, true),
            Pictures.coloured(
                4, 1, (x, y) -> new int[] {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF}[x])),
        1e-7f);
  }

  @Test
  void resizingAveragesOverTheAreaThatAPixelCovers() {
    BufferedImage ramp = Pictures.grey(4, 4, (x, y) -> 10 * x + 100 * (y / 2));
    assertArrayEquals(
        new float[] {5 / 255f, 25 / 255f, 105 / 255f, 125 / 255f},
        values(spec(2, 2, GREY, true, false), ramp));
    // Three columns to two: each covers one and a half.
    assertArrayEquals(
        new float[] {(30 + 60 / 2f) / 1.5f / 255, (60 / 2f + 120) / 1.5f / 255},
        values(spec(2, 1, GREY, true, false), Pictures.grey(3, 1, (x, y) -> 30 << x)),
        1e-7f);
    // One column to three: each covers a third of it.
    assertArrayEquals(
        new float[] {.2f, .2f, .2f},
        values(spec(3, 1, GREY, true, false), Pictures.grey(1, 1, (x, y) -> 51)));
  }

  @Test
  void theMeanOfAllPixelsStaysWhenTheSizeChanges() {
    BufferedImage noise = Pictures.grey(37, 23, (x, y) -> (x * 7919 + y * 104729) % 256);
    double sum = 0;
    for (int i = 0; i < 37 * 23; i++) {
      sum += noise.getRaster().getSample(i % 37, i / 37, 0);
    }
    for (int[] size : new int[][] {{16, 9}, {5, 40}, {1, 1}, {64, 64}}) {
      double mean = 0;
      for (float value : values(spec(size[0], size[1], GREY, true, false), noise)) {
        mean += value / (size[0] * size[1]);
      }
      assertEquals(sum / (37 * 23) / 255, mean, 1e-6, size[0] + " x " + size[1]);
    }
  }

  @Test
  void palettesAndSixteenBitsReadAsTheyLook() {
    byte[] red = {0, (byte) 255, 10};
    byte[] green = {0, 0, 10};
    BufferedImage palette =
        new BufferedImage(
            3, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 3, red, green, green));
    palette.getRaster().setSample(1, 0, 0, 1);
    palette.getRaster().setSample(2, 0, 0, 2);
    assertArrayEquals(
        new float[] {0, 1, 10 / 255f, 0, 0, 10 / 255f, 0, 0, 10 / 255f},
        values(spec(3, 1, RGB, false, false), palette));
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 65535);
    deep.getRaster().setSample(1, 0, 0, 13107);
    assertArrayEquals(new float[] {1, .2f}, values(spec(2, 1, GREY, false, false), deep));
  }

  @Test
  void aJpegIsReadToo() {
    EncodedImage jpeg = Pictures.file(Pictures.coloured(16, 16, (x, y) -> 0x336699), "jpeg");
    float[] values = derive(spec(1, 1, RGB, true, false), jpeg).window().orElseThrow().values();
    assertArrayEquals(new float[] {.2f, .4f, .6f}, values, 0.02f);
  }

  @Test
  void whatTheSchemaDoesNotDeriveIsNoExampleAndSaysWhy() {
    EncodedImage coloured = Pictures.png(Pictures.coloured(4, 3, (x, y) -> 0x123456));
    EncodedImage grey = Pictures.png(Pictures.grey(4, 3, (x, y) -> 9));
    assertRefused(
        "4 x 3 pixels, the schema 2 x 2 and no resize", spec(2, 2, RGB, false, false), coloured);
    assertRefused("is coloured, the schema wants grey", spec(4, 3, GREY, true, false), coloured);
    assertRefused("is grey, the schema wants rgb", spec(4, 3, RGB, true, false), grey);
    assertRefused(
        "no image of signal camera came",
        derivation.derive(
            Schema.ofImages(
                "plates", 1, spec(4, 3, GREY, true, true), Given.schema(1, "torque").label()),
            new PartData(Given.part("A", 0, 0, 1), Map.of(), false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void aFileThatIsCutOffAnywhereIsNoExample(String format) {
    BufferedImage noise =
        Pictures.coloured(40, 30, (x, y) -> (x * 7919 + y * 104729) * 2654435 & 0xFFFFFF);
    byte[] whole = Pictures.file(noise, format).bytes();
    assertTrue(derive(spec(8, 8, RGB, true, false), new EncodedImage(whole)).window().isPresent());
    for (int length = 0; length < whole.length; length += length < 100 ? 1 : 37) {
      EncodedImage part = new EncodedImage(Arrays.copyOf(whole, length));
      assertTrue(
          derive(spec(8, 8, RGB, true, false), part).window().isEmpty(),
          length + " of " + whole.length + " bytes");
    }
    EncodedImage last = new EncodedImage(Arrays.copyOf(whole, whole.length - 1));
    assertTrue(derive(spec(8, 8, RGB, true, false), last).window().isEmpty());
  }

  @Test
  void aDamagedPngIsNoExample() {
    byte[] bytes = Pictures.png(Pictures.grey(20, 20, (x, y) -> x * y % 256)).bytes();
    bytes[bytes.length - 20] ^= 1;
    assertRefused("is damaged", spec(8, 8, GREY, true, false), new EncodedImage(bytes));
  }

  private void assertRefused(String part, ImageSpec spec, EncodedImage image) {
    assertRefused(part, derive(spec, image));
  }

  private static void assertRefused(String part, Derivation.Result result) {
    assertTrue(result.window().isEmpty());
    assertTrue(result.reason().contains(part), result.reason());
  }
}
