// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas whose input is an image. */
class ImageSectionTest {
  private static final String IMAGE = "signal: camera, width: 32, height: 24, channels: grey";
  private static final String MODEL = "architecture: cnn2d, hidden: [8, 16], kernel: 5";

  /** The image stands on line 7, the model on line 11. */
  private static String yaml(String image, String model) {
    return RefusalsTest.LEAST
        .replaceFirst(
            "(?ms)^  signals:.*?^  label:",
            "  image: {" + Matcher.quoteReplacement(image) + "}\n  label:")
        .replaceFirst("(?m)^model:\n.*\n.*$", "model: {" + model + "}");
  }

  private static Schema schema(String image) throws RefusedException {
    return new YamlTaskReader().read(yaml(image, MODEL)).task().schema();
  }

  @Test
  void anImageStandsInThePlaceOfSignalsAndWindow() throws RefusedException {
    Schema schema = schema(IMAGE + ", derive: [resize, grey]");
    assertEquals(new ImageSpec("camera", 32, 24, ImageSpec.GREY, true, true), schema.image());
    assertArrayEquals(new int[] {1, 24, 32}, schema.inputShape());
    assertEquals(768, schema.inputSize());
    assertEquals(List.of(), schema.signals());
    assertEquals(
        new ModelSpec("cnn2d", List.of(8, 16), 5),
        new YamlTaskReader().read(yaml(IMAGE, MODEL)).task().model());
  }

  @Test
  void whatIsNotDeclaredIsNotDerived() throws RefusedException {
    assertEquals(
        new ImageSpec("camera", 32, 24, ImageSpec.GREY, false, false), schema(IMAGE).image());
    assertEquals(
        new ImageSpec("camera", 32, 24, ImageSpec.RGB, true, false),
        schema(IMAGE.replace("grey", "rgb") + ", derive: [resize]").image());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          width: 32     | width: 0                 | schema.image.width      | use a whole number from 1 to 1024
          height: 24    | height: 1025             | schema.image.height     | use a whole number from 1 to 1024
          channels: grey| channels: cmyk           | schema.image.channels   | use one of grey, rgb
          signal: camera, |                        | schema.image.signal     | is missing
          signal: camera | signal: ../x            | schema.image.signal     | is no name
          grey          | grey, derive: [crop]     | schema.image.derive[0]  | use one of resize, grey
          grey          | grey, derive: [grey, grey] | schema.image.derive[1] | stands twice
          grey          | rgb, derive: [grey]      | schema.image.derive     | goes with channels: grey
          grey          | grey, derived: [grey]    | schema.image.derived    | did you mean "derive"?
          width: 32, height: 24, channels: grey | width: 1000, height: 1000, channels: rgb | schema.image | more than 1000000 values
          """)
  void whatAnImageCannotBeIsRefusedByItsLine(String part, String wrong, String key, String what) {
    assertRefused(yaml(IMAGE.replace(part, wrong == null ? "" : wrong), MODEL), key, 7, what);
  }

  @Test
  void signalsAndWindowsDoNotGoWithAnImage() {
    String yaml =
        yaml(IMAGE, MODEL).replace("  label:\n", "  window: {steps: 3, step: 1s}\n  label:\n");
    assertRefused(yaml, "schema.window", 8, "image is given; keep one of the two");
  }

  @Test
  void architecturesOfWindowsAndOfImagesAreNotMixedUp() {
    assertRefused(
        yaml(IMAGE, "architecture: cnn1d, hidden: [8]"),
        "model.architecture",
        11,
        "cnn1d takes windows, and schema.image says images; use one of cnn2d, mlp");
    assertRefused(
        RefusalsTest.LEAST.replace("architecture: mlp", "architecture: cnn2d"),
        "model.architecture",
        23,
        "cnn2d takes images, and the schema has windows");
  }

  private static void assertRefused(String yaml, String key, int line, String what) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml));
    Refusal refusal =
        refused.refusals().stream()
            .filter(each -> each.where().equals(key))
            .findFirst()
            .orElseThrow(() -> new AssertionError(refused.refusals().toString()));
    assertEquals(line, refusal.line(), refusal.toString());
    assertTrue(refusal.what().contains(what), refusal.toString());
  }
}
