// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.plant.process.ManifestReader;
import org.fedwerk.plant.process.ReplayManifest;
import org.fedwerk.plant.process.ReplayProcess;
import org.fedwerk.sim.baseline.Baselines;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.internal.ExampleCollector;
import org.fedwerk.sim.internal.ProcessFeed;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * The accumulator of the hydraulic test rigs, learned by three sites in one process: federated,
 * alone and pooled.
 */
public final class HydraulicQuality implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Path folder;
  private final String yaml;
  private final ReplayManifest manifest;
  private final Map<String, ExampleCollector> collectors = new LinkedHashMap<>();
  private final DjlEngine engine = new DjlEngine(EngineSettings.defaults());

  /**
   * Main metric on test examples, mean over sites.
   *
   * @param federated the final model of the federation
   * @param rounds rounds of training it took
   * @param baselines without a federation
   */
  public record Result(double federated, int rounds, Baselines.Result baselines) {}

  /**
   * Reads the data and derives examples, once for all seeds.
   *
   * @param data folder of the data set
   * @param examples folder with hydraulic-manifest.yaml and hydraulic-accumulator.yaml
   * @param folder for state, empty
   */
  public HydraulicQuality(Path data, Path examples, Path folder)
      throws IOException, RefusedException, InterruptedException {
    this.folder = folder;
    this.yaml = Files.readString(examples.resolve("hydraulic-accumulator.yaml"));
    this.manifest =
        ManifestReader.read(data, Optional.of(examples.resolve("hydraulic-manifest.yaml")));
    List<String> classes = new YamlTaskReader().read(yaml).task().schema().label().classes();
    for (ReplayManifest.Site site : manifest.sites()) {
      ReplayProcess process = new ReplayProcess(manifest, site.name());
      Map<String, String> codes = new LinkedHashMap<>();
      for (int k = 0; k < classes.size(); k++) {
        codes.put(process.codes().get(k), classes.get(k));
      }
      ExampleCollector collector = new ExampleCollector(folder.resolve(site.name()));
      collector.collect(new ProcessFeed(process, codes), Long.MAX_VALUE);
      collectors.put(site.name(), collector);
    }
  }

  /** Runs the federation and its baselines with a seed. */
  public Result run(long seed) throws IOException, RefusedException, InterruptedException {
    String seeded = yaml.replaceAll("(?m)^seed:.*$", "seed: " + seed);
    Task task = new YamlTaskReader().read(seeded).task();
    List<RoundRecord> rounds;
    try (SimFederation federation =
        new SimFederation(folder.resolve("federation-" + seed), engine)) {
      collectors.forEach((id, collector) -> federation.add(id, collector, task.owner()));
      rounds = federation.run(seeded, LIMIT);
    }
    RoundRecord last = rounds.get(rounds.size() - 1);
    double federated =
        last.evaluations().values().stream()
            .mapToDouble((Evaluation each) -> each.metric(task.rounds().metric()))
            .average()
            .orElseThrow();
    List<SiteExamples> sites = new ArrayList<>();
    collectors.forEach(
        (id, collector) -> sites.add(new SiteExamples(id, collector.examples(task.schema()))));
    Baselines baselines = new Baselines(new NamedArchitectures(), new WindowPreparation(), engine);
    return new Result(federated, rounds.size() - 1, baselines.run(task, sites));
  }

  @Override
  public void close() {
    collectors.values().forEach(ExampleCollector::close);
    engine.stop();
  }
}
