// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The task files of all sets: every configuration and method is a task that is accepted. */
class PlanTest {
  private static final Path FILES = Path.of(System.getProperty("fedwerk.examples"), "quality");

  static List<String> sets() {
    return QualitySet.ALL.stream().map(QualitySet::name).toList();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void everyConfigurationOfEveryMethodIsATaskOfItsOwn(String set) throws Exception {
    Plan plan = Plan.read(FILES.resolve(set + ".yaml"));
    boolean hasAll = set.equals("hydraulic.accumulator");
    assertEquals(hasAll ? 23 : 3, plan.methods().size(), plan.methods().keySet().toString());
    Set<String> different = new LinkedHashSet<>();
    for (Map.Entry<String, Map<String, Object>> method : plan.methods().entrySet()) {
      for (Map<String, Object> configuration : plan.configurations()) {
        String yaml = plan.yaml(List.of(configuration, method.getValue()), 2);
        Task task = new YamlTaskReader().read(yaml).task();
        assertEquals(2, task.seed());
        new NamedArchitectures().network(task.model(), task.schema());
        assertTrue(
            Metrics.of(task.schema().label().target().kind()).contains(plan.metric()),
            plan.metric());
        different.add(yaml);
      }
    }
    assertEquals(6 * plan.methods().size(), different.size());
    Task first = new YamlTaskReader().read(plan.yaml(List.of(), 0)).task();
    Task other =
        new YamlTaskReader().read(plan.yaml(List.of(Map.of("training.rate", 0.5)), 0)).task();
    assertEquals(0.5, other.training().rate());
    assertNotEquals(0.5, first.training().rate(), "a change does not stay");
  }
}
