// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.itests.demo.DemoTask.Plant;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.Baselines;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.internal.ExampleCollector;
import org.fedwerk.sim.internal.ProcessFeed;

/**
 * Trains the baselines in the driver's own process, on the very examples that the sites used last:
 * they tell serials and roles on their own shells, the driver makes the same parts from the same
 * plant processes. No example leaves a site.
 */
final class Comparison {
  private final DemoTask demo;
  private final Path folder;
  private final Engine engine;

  Comparison(DemoTask demo, Path folder, Engine engine) {
    this.demo = demo;
    this.folder = folder;
    this.engine = engine;
  }

  /**
   * Baselines, and how many examples they used.
   *
   * @param baselines main metric
   * @param training training examples of all sites together
   * @param leastTraining training examples of the site that has fewest
   */
  record Result(Baselines.Result baselines, int training, int leastTraining) {}

  Result run(Map<String, KarafInstance> sites)
      throws IOException, InterruptedException, RefusedException {
    List<SiteExamples> all = new ArrayList<>();
    int training = 0;
    int least = Integer.MAX_VALUE;
    for (Plant plant : demo.plants()) {
      SiteExamples examples =
          examples(plant, used(Objects.requireNonNull(sites.get(plant.site()))));
      int count = examples.of(DataRole.TRAIN).size();
      training += count;
      least = Math.min(least, count);
      all.add(examples);
    }
    Baselines baselines = new Baselines(new NamedArchitectures(), new WindowPreparation(), engine);
    return new Result(baselines.run(demo.task(), all), training, least);
  }

  private Map<String, DataRole> used(KarafInstance site) throws IOException {
    Map<String, DataRole> roles = new HashMap<>();
    for (String request : List.of("train", "evaluate", "test")) {
      roles.putAll(used(site, demo.task().name(), request));
    }
    return roles;
  }

  /** Serials with roles that the newest work on a request read, as the site's shell tells. */
  static Map<String, DataRole> used(KarafInstance site, String task, String request)
      throws IOException {
    Map<String, DataRole> roles = new HashMap<>();
    for (JsonNode row : site.json("fedwerk:parts --used " + task + " --request " + request)) {
      roles.put(
          row.get("serial").asText(),
          DataRole.valueOf(row.get("role").asText().toUpperCase(Locale.ROOT)));
    }
    return roles;
  }

  /**
   * Makes the examples that a site used, from the same plant process.
   *
   * @param used role by serial
   */
  SiteExamples examples(Plant plant, Map<String, DataRole> used)
      throws IOException, InterruptedException {
    long parts = 0;
    long last = 0;
    for (var each = plant.process().iterator(); each.hasNext() && parts - last < 5000; ) {
      parts++;
      if (used.containsKey(each.next().serial())) {
        last = parts;
      }
    }
    List<Example> examples = new ArrayList<>();
    try (ExampleCollector collector = new ExampleCollector(folder.resolve(plant.site()))) {
      collector.collect(new ProcessFeed(plant.process(), demo.codes(plant)), last);
      for (Example each : collector.examples(demo.task().schema())) {
        DataRole role = used.get(each.serial());
        if (role != null) {
          examples.add(
              new Example(
                  each.serial(), each.tensors(), each.classIndex(), each.labelRevision(), role));
        }
      }
    }
    if (examples.size() != used.size()) {
      throw new IllegalStateException(
          plant.site()
              + " used "
              + used.size()
              + " examples, of which the driver could make "
              + examples.size());
    }
    return new SiteExamples(plant.site(), examples);
  }
}
