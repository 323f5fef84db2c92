// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.sim.baseline.Score;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.baseline.Trainer;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

/** Two sites that see different halves of one line y = 3 x + 1, with a task of numbers. */
class FederationTest {
  private static final String LINE =
      """
      task: line
      owner: tests
      purpose: find a line
      seed: 3
      schema:
        name: line
        version: 1
        signals: [{name: x, unit: "", min: -100, max: 100}]
        window: {steps: 1, step: 1s}
        label: {name: y, kind: value, unit: "", centre: 1, scale: 4}
      model: {architecture: linear}
      training: {rate: 0.1, batch: 8, epochs: 2}
      rounds: {max: 12, least: 12, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static SiteExamples site(String name, Schema schema, double slope) {
    Random random = new Random(name.hashCode());
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      double x = 2 * random.nextDouble() - 1;
      String y = Double.toString(slope * x + 1);
      examples.add(Rows.example(schema, name + n, new float[] {(float) x}, y, Rows.inTurn(n)));
    }
    return new SiteExamples(name, examples);
  }

  @Test
  void aNumberIsLearnedByRoundsOfRealSites() throws Exception {
    Task task = new YamlTaskReader().read(LINE).task();
    List<SiteExamples> sites = List.of(site("a", task.schema(), 3), site("b", task.schema(), 3));
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      Federation.Outcome outcome = new Federation(engine).run(task, LINE, sites);
      assertEquals(12, outcome.rounds());
      assertEquals(20, outcome.test().stream().mapToLong(each -> each.count()).sum());
      double error = new Score("rmse", true).of(outcome.test());
      assertTrue(error < 0.3, "rmse " + error + " of a deviation of 1.7");
      Trainer trainer =
          new Trainer(new NamedArchitectures(), new WindowPreparation(), engine, task);
      Trainer.Prepared own = trainer.prepare(sites.get(0));
      float[] model = trainer.train("a", own.train(), List.of(own));
      assertTrue(trainer.evaluate(model, own.test()).rmse() < 0.3);
    } finally {
      engine.stop();
    }
  }

  @Test
  void whatATaskGuidesSitesByReachesTheirEngine() throws Exception {
    String yaml =
        LINE.replace("{rate: 0.1, batch: 8, epochs: 2}", "{rate: 0.1, momentum: 0, batch: 8}")
            + "local: {scaffold: on}\n";
    Task task = new YamlTaskReader().read(yaml).task();
    List<SiteExamples> sites = List.of(site("a", task.schema(), 3), site("b", task.schema(), 3));
    assertTrue(rmse(task, yaml, sites) < 0.3);
  }

  @Test
  void sitesOfTwoKindsLearnALineEachWhereTheTaskLetsThemPart() throws Exception {
    Task one = new YamlTaskReader().read(LINE).task();
    List<SiteExamples> sites = List.of(site("a", one.schema(), 3), site("b", one.schema(), -3));
    assertTrue(rmse(one, LINE, sites) > 1, "one line for both");
    // With seed 3 both sites begin nearer to the same line, and neither finds the other.
    String yaml = LINE.replace("seed: 3", "seed: 5") + "local: {clusters: 2}\n";
    assertTrue(rmse(new YamlTaskReader().read(yaml).task(), yaml, sites) < 0.3);
  }

  private double rmse(Task task, String yaml, List<SiteExamples> sites) throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      Federation.Outcome outcome = new Federation(engine).run(task, yaml, sites);
      return new Score("rmse", true).of(outcome.test());
    } finally {
      engine.stop();
    }
  }

  @Test
  void aSearchSeesValidationPartsInThePlaceOfTestParts() throws Exception {
    Task task = new YamlTaskReader().read(LINE).task();
    SiteExamples all = site("a", task.schema(), 3);
    SiteExamples seen = Federation.withoutTest(List.of(all)).get(0);
    assertEquals(all.of(DataRole.TRAIN), seen.of(DataRole.TRAIN));
    assertEquals(all.of(DataRole.VALIDATION), seen.of(DataRole.VALIDATION));
    assertEquals(
        all.of(DataRole.VALIDATION).stream().map(Example::tensors).toList(),
        seen.of(DataRole.TEST).stream().map(Example::tensors).toList());
  }
}
