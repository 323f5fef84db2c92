// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.window.internal.ImageInspector;
import org.fedwerk.window.internal.Window;
import org.fedwerk.window.internal.WindowSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The source with the real rooms behind it. */
@Timeout(300)
class FolderSourceTest {
  private static final int KILLS = 3;
  private static final int PLATES = 60;

  @TempDir Path temp;

  private static void await(BooleanSupplier met, String what) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!met.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void put(Path folder, String name, int number) throws IOException {
    Path unfinished = folder.resolve("." + name);
    Files.write(unfinished, Plates.png(number));
    Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void anImageBecomesAnExampleWithTheLabelOfItsSerial() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("plates"));
    Schema schema =
        Schema.ofImages(
            "plates",
            1,
            new ImageSpec("camera", 12, 8, ImageSpec.GREY, true, true),
            new LabelSpec("surface", List.of("clean", "scratched"), Duration.ofDays(1)));
    try (DiskStorage storage = new DiskStorage(TakingChild.store(temp.resolve("data")));
        Window window = new Window(new DiskPartStore(storage), WindowSettings.standard());
        FolderSource source =
            new FolderSource(Plates.settings(folder, true), window, new ImageInspector())) {
      window.attach(source);
      window.start();
      source.start();
      assertTrue(
          window.mismatches(schema).stream()
              .noneMatch(each -> each.where().startsWith("schema.image")));
      Schema other =
          Schema.ofImages(
              "plates",
              1,
              new ImageSpec("serial", 12, 8, ImageSpec.GREY, true, true),
              schema.label());
      assertEquals("schema.image.signal", window.mismatches(other).get(0).where());
      window.accept(new LabelReport("P-2", "surface", "scratched", "lab", Instant.now(), null));
      put(folder, "P-1.png", 1);
      put(folder, "P-2.png", 2);
      await(() -> window.report().stored() == 2, "two parts");
      window.accept(new LabelReport("P-1", "surface", "clean", "lab", Instant.now(), null));
      List<Example> examples = window.examples(schema);
      assertEquals(List.of("P-1", "P-2"), examples.stream().map(Example::serial).sorted().toList());
      for (Example example : examples) {
        assertEquals(example.serial().equals("P-1") ? 0 : 1, example.classIndex());
        assertArrayEquals(new int[] {1, 8, 12}, example.window().shape());
      }
      StatusLine status = source.status().get(0);
      assertEquals(StatusLine.State.READY, status.state(), status.detail());
      assertTrue(status.detail().contains("2 images stored, 0 files refused"), status.detail());
      assertEquals(
          List.of(0.0, (double) Plates.MOST_FILES),
          source.measurements().stream().map(Measurement::value).toList());
    }
  }

  @Test
  void aFolderThatIsNotThereIsAStatusUntilItIs() throws Exception {
    Path folder = temp.resolve("later");
    try (DiskStorage storage = new DiskStorage(TakingChild.store(temp.resolve("data")));
        Window window = new Window(new DiskPartStore(storage), WindowSettings.standard());
        FolderSource source =
            new FolderSource(Plates.settings(folder, false), window, new ImageInspector())) {
      window.attach(source);
      source.start();
      await(() -> source.status().get(0).state() == StatusLine.State.DOWN, "no folder");
      assertTrue(source.status().get(0).detail().contains("there is no folder"));
      Files.createDirectory(folder);
      await(() -> source.status().get(0).state() == StatusLine.State.READY, "folder");
    }
  }

  @Test
  void noImageThatLeftTheFolderIsLostBySeveralKills() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("plates"));
    Path data = temp.resolve("data");
    for (int i = 0; i < PLATES; i++) {
      put(folder, "P-" + i + ".png", i);
    }
    for (int kill = 1; kill <= KILLS; kill++) {
      int enough = PLATES * kill / (KILLS + 1);
      Process child = start(data, folder);
      try {
        await(() -> taken(folder) >= enough, "child " + kill + " takes " + enough);
      } finally {
        child.destroyForcibly();
      }
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    }
    try (DiskStorage storage = new DiskStorage(TakingChild.store(data));
        DiskPartStore store = new DiskPartStore(storage);
        Window window = new Window(store, WindowSettings.standard());
        FolderSource source =
            new FolderSource(Plates.settings(folder, true), window, new ImageInspector())) {
      window.attach(source);
      window.start();
      source.start();
      await(() -> taken(folder) == PLATES, "all are taken");
      await(() -> window.report().open().isEmpty() && window.report().stored() >= PLATES, "stored");
      source.close();
      window.close();
      assertStored(store);
    }
  }

  private static void assertStored(DiskPartStore store) {
    Map<String, EncodedImage> found = new HashMap<>();
    for (long ordinal = 0; ordinal < store.nextOrdinal(); ordinal++) {
      PartData part = store.part(ordinal).orElseThrow();
      found.put(part.part().serial(), part.images().get("camera"));
    }
    assertEquals(PLATES, found.size());
    for (int i = 0; i < PLATES; i++) {
      assertEquals(new EncodedImage(Plates.png(i)), found.get("P-" + i), "P-" + i);
    }
  }

  private static long taken(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return PLATES - files.filter(file -> file.getFileName().toString().matches("P.*png")).count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Process start(Path data, Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            TakingChild.class.getName(),
            data.toString(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
