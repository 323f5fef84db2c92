// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three plants learn what normal operation of the Tennessee Eastman process is, row by row, and
 * judge the published test runs, each with seven faults of its own. Of the 21 faults at least three
 * (3, 9, 15) are known to leave hardly a trace (Chiang, Russell and Braatz 2000).
 */
@Timeout(300)
class TennesseeAnomalyTest {

  private static Path data() {
    String set = System.getProperty("fedwerk.data");
    return set == null
        ? Path.of(System.getProperty("fedwerk.root"), "../shared/data")
        : Path.of(set);
  }

  /** The signals of the set's own task, and what is normal in place of faults. */
  private static String yaml() throws Exception {
    String text =
        Files.readString(Path.of(System.getProperty("fedwerk.examples"), "quality/tep.fault.yaml"));
    String signals = text.substring(text.indexOf("schema:"), text.indexOf("  window:"));
    String classes = text.substring(text.indexOf("    classes: ["), text.indexOf("model:"));
    return """
    task: eastman-normal
    owner: Process control
    purpose: Find out what normal operation looks like.
    """
        + signals
        + """
          window: {steps: 1, step: 3m}
          label:
            kind: anomaly
            name: fault
        """
        + classes
        + """
        model: {architecture: autoencoder, hidden: [40, 16]}
        training: {optimizer: adam, rate: 0.002, batch: 32, epochs: 5}
        threshold: {quantile: 0.95}
        rounds: {max: 10, least: 10, cohort-least: 3, quorum: 3, stall: 10m}
        """;
  }

  @Test
  void faultsAreFoundByPlantsThatLearnedFromNormalOperationOnly() throws Exception {
    TennesseeData set = new TennesseeData();
    Path files = data().resolve(set.folder());
    assumeTrue(
        Files.isDirectory(files),
        "no folder shared/data/tep beside the checkout; set -Dfedwerk.data=<folder of data>");
    String yaml = yaml();
    Task task = new YamlTaskReader().read(yaml).task();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      Federation.Outcome outcome =
          new Federation(engine).run(task, yaml, set.sites(files, task.schema(), true));
      Evaluation all = outcome.test().stream().reduce(Evaluation::plus).orElseThrow();
      String came =
          "alarms on normal rows "
              + all.alarmRate()
              + ", faults found "
              + all.recall()
              + ", auc "
              + all.auc();
      assertEquals(3 * 960, all.count());
      assertTrue(all.alarmRate() < 0.15, came);
      assertTrue(all.recall() > 0.6, came);
      assertTrue(all.auc() > 0.8, came);
    } finally {
      engine.stop();
    }
  }
}
