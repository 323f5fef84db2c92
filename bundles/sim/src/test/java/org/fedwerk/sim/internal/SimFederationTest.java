// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimFederationTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;

  static String task(int rounds) throws Exception {
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    return Files.readString(examples.resolve("milling.yaml"))
        .replaceAll("(?m)^(  max:) .*$", "$1 " + rounds)
        .replaceAll("(?m)^(  least:) .*$", "$1 1")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 50");
  }

  private List<RoundRecord> run(
      String name, String yaml, DjlEngine engine, Map<String, Optional<Digest>> deployed)
      throws Exception {
    try (ExampleCollector a = collected(name + "/a", MillingProfile.SITE_A, 1);
        ExampleCollector b = collected(name + "/b", MillingProfile.SITE_B, 2);
        ExampleCollector c = collected(name + "/c", MillingProfile.SITE_C, 3);
        SimFederation federation = new SimFederation(engine)) {
      String approved = new YamlTaskReader().read(yaml).task().owner();
      federation.add("a", a, approved);
      federation.add("b", b, approved);
      federation.add("c", c, approved);
      List<RoundRecord> rounds = federation.run(yaml, LIMIT);
      federation.sites().forEach((site, views) -> deployed.put(site, views.get(0).deployed()));
      assertEquals(
          Set.of(1),
          federation.sites().values().stream().map(List::size).collect(Collectors.toSet()));
      assertTrue(
          federation.sites().values().stream()
              .flatMap(List::stream)
              .map(TaskView::train)
              .allMatch(n -> n >= 50));
      return rounds;
    }
  }

  private ExampleCollector collected(String name, MillingProfile profile, long seed)
      throws Exception {
    return collected(folder.resolve(name), profile, seed);
  }

  /** A site's window and store that know 200 parts. */
  static ExampleCollector collected(Path folder, MillingProfile profile, long seed)
      throws Exception {
    ExampleCollector collector = new ExampleCollector(folder);
    collector.collect(
        new ProcessFeed(new MillingProcess(profile, seed), Map.of("0", "ok", "1", "failure")), 200);
    return collector;
  }

  @Test
  void coordinatorAndAllSitesEndWithTheSameGlobalDigestAndARepeatedRunGivesItAgain()
      throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    Map<String, Optional<Digest>> deployed = new java.util.TreeMap<>();
    List<RoundRecord> first = run("first", task(3), engine, deployed);

    RoundRecord last = first.get(first.size() - 1);
    assertEquals("final", last.protocol());
    assertEquals(Set.of("a", "b", "c"), last.evaluations().keySet());
    assertEquals(
        Map.of(
            "a",
            Optional.of(last.model()),
            "b",
            Optional.of(last.model()),
            "c",
            Optional.of(last.model())),
        deployed);

    List<RoundRecord> second = run("second", task(3), engine, new java.util.TreeMap<>());
    assertEquals(
        first.stream().map(RoundRecord::model).toList(),
        second.stream().map(RoundRecord::model).toList());
    engine.stop();
  }
}
