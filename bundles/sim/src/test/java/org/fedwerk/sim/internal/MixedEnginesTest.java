// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site that trains on MXNet and two on PyTorch learn one model. */
class MixedEnginesTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void sitesOnDifferentEnginesEndWithTheSameGlobalDigest() throws Exception {
    DjlEngine pyTorch = new DjlEngine(EngineSettings.of("pytorch"));
    DjlEngine mxNet = new DjlEngine(EngineSettings.of("mxnet"));
    String yaml = SimFederationTest.task(3);
    String owner = new YamlTaskReader().read(yaml).task().owner();
    try (ExampleCollector a = collected("a", MillingProfile.SITE_A, 1);
        ExampleCollector b = collected("b", MillingProfile.SITE_B, 2);
        ExampleCollector c = collected("c", MillingProfile.SITE_C, 3);
        SimFederation federation = new SimFederation(pyTorch)) {
      federation.add("a", a, owner);
      federation.add("b", b, owner);
      federation.add("c", c.storage(), c.window(), owner, mxNet);

      List<RoundRecord> rounds = federation.run(yaml, LIMIT);

      RoundRecord last = rounds.get(rounds.size() - 1);
      assertEquals("final", last.protocol());
      assertEquals(Set.of("a", "b", "c"), last.evaluations().keySet());
      Map<String, Optional<Digest>> deployed = new LinkedHashMap<>();
      federation.sites().forEach((site, views) -> deployed.put(site, views.get(0).deployed()));
      Optional<Digest> model = Optional.of(last.model());
      assertEquals(Map.of("a", model, "b", model, "c", model), deployed);
      assertTrue(pyTorch.description().startsWith("PyTorch"), pyTorch.description());
      assertTrue(mxNet.description().startsWith("MXNet 1.9"), mxNet.description());
    } finally {
      mxNet.stop();
      pyTorch.stop();
    }
  }

  private ExampleCollector collected(String name, MillingProfile profile, long seed)
      throws Exception {
    return SimFederationTest.collected(folder.resolve(name), profile, seed);
  }
}
