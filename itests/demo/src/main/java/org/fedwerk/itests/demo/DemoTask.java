// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Task;
import org.fedwerk.plant.process.ManifestReader;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.plant.process.PlantProcess;
import org.fedwerk.plant.process.ReplayManifest;
import org.fedwerk.plant.process.ReplayProcess;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * What the demo learns, and from which plants.
 *
 * @param file the task document
 * @param task what it says
 * @param plants one per site
 */
record DemoTask(Path file, Task task, List<Plant> plants) {
  private static final String DATA_TASK = "fedwerk-task.yaml";

  DemoTask {
    plants = List.copyOf(plants);
  }

  /**
   * A plant and the site beside it.
   *
   * @param site id of both
   * @param process what it makes; the same parts as in the plant's own process
   * @param settings keys of org.fedwerk.plant-&lt;site&gt;.cfg that choose the process
   */
  record Plant(String site, PlantProcess process, Map<String, String> settings) {
    Plant {
      settings = Map.copyOf(settings);
    }
  }

  /** Three milling plants that differ in products, climate, spindle and tools. */
  static DemoTask milling(Path examples, long parts) throws IOException, RefusedException {
    Path file = examples.resolve("milling.yaml");
    List<Plant> plants = new ArrayList<>();
    for (MillingProfile profile :
        List.of(MillingProfile.SITE_A, MillingProfile.SITE_B, MillingProfile.SITE_C)) {
      long seed = plants.size() + 1;
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("process", "milling");
      settings.put("milling.profile", profile.name());
      settings.put("milling.seed", Long.toString(seed));
      settings.put("parts", Long.toString(parts));
      settings.put("trickle.parts-per-second", "2");
      plants.add(new Plant("plant-" + profile.name(), new MillingProcess(profile, seed), settings));
    }
    return new DemoTask(file, read(file), plants);
  }

  /**
   * A recording of the user's own, or the hydraulic one: the folder's own manifest and task if it
   * brings them, else the documented examples.
   *
   * @param folder folder with the data
   */
  static DemoTask replay(Path folder, Path examples) throws IOException, RefusedException {
    boolean own = Files.exists(folder.resolve(ReplayManifest.FILE));
    Path manifestFile =
        own ? folder.resolve(ReplayManifest.FILE) : examples.resolve("hydraulic-manifest.yaml");
    Path file = own ? folder.resolve(DATA_TASK) : examples.resolve("hydraulic-accumulator.yaml");
    if (!Files.exists(file)) {
      throw new RefusedException(
          folder.toString(),
          "has a "
              + ReplayManifest.FILE
              + " but no "
              + DATA_TASK
              + ", the task to learn; docs/examples shows one");
    }
    ReplayManifest manifest =
        ManifestReader.read(folder, own ? Optional.empty() : Optional.of(manifestFile));
    List<Plant> plants = new ArrayList<>();
    for (ReplayManifest.Site site : manifest.sites()) {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("process", "replay");
      settings.put("replay.folder", folder.toAbsolutePath().toString());
      settings.put("replay.manifest", manifestFile.toAbsolutePath().toString());
      settings.put("replay.site", site.name());
      settings.put("parts", "0");
      settings.put("trickle.parts-per-second", "0");
      plants.add(new Plant(site.name(), new ReplayProcess(manifest, site.name()), settings));
    }
    return new DemoTask(file, read(file), plants);
  }

  private static Task read(Path file) throws IOException, RefusedException {
    return new YamlTaskReader().read(Files.readString(file)).task();
  }

  /** The sites' code table: the plant's codes in the order of the schema's classes. */
  Map<String, String> codes(Plant plant) {
    List<String> codes = plant.process().codes();
    if (codes.isEmpty()) {
      throw new IllegalArgumentException(
          plant.site()
              + " has numbers as labels, and the demo sends classes; take a recording of those");
    }
    List<String> classes = task.schema().label().classes();
    if (codes.size() != classes.size()) {
      throw new IllegalArgumentException(
          plant.site()
              + " has codes "
              + codes
              + ", the task has classes "
              + classes
              + "; they must be as many, in the same order");
    }
    Map<String, String> table = new LinkedHashMap<>();
    for (int k = 0; k < codes.size(); k++) {
      table.put(codes.get(k), classes.get(k));
    }
    return table;
  }
}
