// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Grey plates as cameras in colour see them, larger than a model does; every third is scratched.
 */
final class Plates {
  private static final int SIDE = 64;

  private Plates() {}

  static String serial(int number) {
    return "P-" + number;
  }

  static boolean isScratched(int number) {
    return number % 3 == 0;
  }

  /**
   * The file of a picture.
   *
   * @param format {@code png} or {@code jpg}
   * @param scale the camera's resolution; pixels for each of the 64 x 64 spots of a plate, squared
   */
  static byte[] picture(int number, String format, int scale) throws IOException {
    BufferedImage plate = plate(number);
    BufferedImage image = new BufferedImage(SIDE * scale, SIDE * scale, BufferedImage.TYPE_INT_RGB);
    Graphics2D drawing = image.createGraphics();
    drawing.drawImage(plate, 0, 0, SIDE * scale, SIDE * scale, null);
    drawing.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, file)) {
      throw new IOException("this Java runtime writes no " + format);
    }
    return file.toByteArray();
  }

  private static BufferedImage plate(int number) {
    BufferedImage plate = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(number);
    for (int at = 0; at < SIDE * SIDE; at++) {
      int grey = 90 + random.nextInt(30);
      plate.setRGB(at % SIDE, at / SIDE, new Color(grey, grey, grey + 10).getRGB());
    }
    if (isScratched(number)) {
      Graphics2D scratch = plate.createGraphics();
      scratch.setColor(Color.WHITE);
      scratch.setStroke(new BasicStroke(3));
      scratch.drawLine(random.nextInt(SIDE), 0, random.nextInt(SIDE), SIDE - 1);
      scratch.dispose();
    }
    return plate;
  }
}
