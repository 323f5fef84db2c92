// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.window.internal.SchemaDerivation;

/** Pictures of plates of one plant, coloured PNG files; every second plate has a scratch. */
final class ScratchedPlates {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final Instant BEGIN = Instant.parse("2026-01-05T06:00:00Z");

  private final Color plate;
  private final Color scratch;
  private final Random random;

  /**
   * Plates of one colour.
   *
   * @param scratch colour of a scratch
   */
  ScratchedPlates(Color plate, Color scratch, long seed) {
    this.plate = plate;
    this.scratch = scratch;
    this.random = new Random(seed);
  }

  /** A part with its picture. */
  PartData part(String serial, boolean isScratched) {
    return new PartData(
        new Part(serial, 0, BEGIN, BEGIN.plusSeconds(1)),
        Map.of(),
        false,
        Map.of("camera", picture(isScratched)));
  }

  /** Examples of each role, derived from the files as a site derives them. */
  List<Example> examples(Schema schema, String site, int each) {
    List<Example> examples = new ArrayList<>();
    for (DataRole role : DataRole.values()) {
      for (int n = 0; n < each; n++) {
        String serial = site + "-" + role + "-" + n;
        boolean isScratched = n % 2 == 1;
        SchemaDerivation.Result derived =
            new SchemaDerivation().derive(schema, part(serial, isScratched));
        examples.add(
            Example.of(
                schema.label(),
                serial,
                derived.window().orElseThrow(() -> new AssertionError(derived.reason())),
                new double[] {isScratched ? 1 : 0},
                1,
                role));
      }
    }
    return examples;
  }

  private EncodedImage picture(boolean isScratched) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(plate);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    if (isScratched) {
      scratch(graphics);
    }
    graphics.dispose();
    grain(image);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return new EncodedImage(out.toByteArray());
  }

  /** A line of a third of the plate's width at any place, in any direction. */
  private void scratch(Graphics2D graphics) {
    double x = WIDTH * (0.25 + 0.5 * random.nextDouble());
    double y = HEIGHT * (0.25 + 0.5 * random.nextDouble());
    double angle = Math.PI * random.nextDouble();
    double dx = WIDTH / 6.0 * Math.cos(angle);
    double dy = WIDTH / 6.0 * Math.sin(angle);
    graphics.setColor(scratch);
    graphics.setStroke(new BasicStroke(3));
    graphics.drawLine((int) (x - dx), (int) (y - dy), (int) (x + dx), (int) (y + dy));
  }

  /** The whole plate is lighter or darker by the lamp, and each pixel by the camera. */
  private void grain(BufferedImage image) {
    int lamp = (int) (12 * random.nextGaussian());
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        Color at = new Color(image.getRGB(x, y));
        int more = lamp + (int) (8 * random.nextGaussian());
        image.setRGB(
            x,
            y,
            new Color(
                    within(at.getRed() + more),
                    within(at.getGreen() + more),
                    within(at.getBlue() + more))
                .getRGB());
      }
    }
  }

  private static int within(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
