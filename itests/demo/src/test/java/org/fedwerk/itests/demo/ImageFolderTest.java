// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Pictures of parts come into the packaged distribution, and stay over a kill. */
@Order(1)
class ImageFolderTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String PID = "org.fedwerk.signal.folder-cam";

  @Test
  void aPictureBecomesAPartAndWhatIsNoneIsPutAside() throws Exception {
    Path folder =
        Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath().resolve("images");
    Folders.delete(folder);
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    try (KarafInstance site =
        new KarafInstance(
            Path.of(System.getProperty("fedwerk.home")),
            folder.resolve("site"),
            List.of("fedwerk-site", "fedwerk-engine-pytorch"),
            "384m",
            Map.of())) {
      site.configure(PID, Map.of("folder", pictures.toString(), "every", "200", "settle", "1"));
      site.start();
      site.awaitBooted(LONG);
      picture(pictures, "P-1.png", "png");
      picture(pictures, "P-2.jpg", "jpg");
      Files.writeString(pictures.resolve("P-3.png"), "no picture");
      site.await("two parts", LONG, each -> stored(each) == 2);
      site.await(
          "the file that is none",
          LONG,
          each -> Files.exists(pictures.resolve("refused").resolve("P-3.png")));
      JsonNode camera = null;
      for (JsonNode row : site.json("fedwerk:signals")) {
        camera = row.path("signal").asText().equals("camera") ? row : camera;
      }
      assertTrue(camera != null, site.json("fedwerk:signals").toString());
      String parts = site.exec("fedwerk:parts");
      assertTrue(parts.contains("2 parts stored"), parts);

      site.kill();
      picture(pictures, "P-4.png", "png");
      site.start();
      site.awaitBooted(LONG);
      site.await("the picture that came meanwhile", LONG, each -> stored(each) == 3);
      assertEquals(3, taken(pictures));
      assertEquals("", Told.stackTrace(site.log()));
    }
  }

  private static int stored(KarafInstance site) throws IOException {
    return site.json("fedwerk:parts").path(0).path("stored").asInt();
  }

  private static int taken(Path pictures) throws IOException {
    try (var files = Files.list(pictures.resolve("taken"))) {
      return (int) files.count();
    }
  }

  /** As a camera should: written beside, then given its name. */
  private static void picture(Path folder, String name, String format) throws IOException {
    BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 4, name.hashCode());
    Path beside = folder.resolve(name + ".part");
    assertTrue(ImageIO.write(image, format, beside.toFile()));
    Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
