// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.shell;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.plant.internal.Json;
import org.fedwerk.plant.internal.PlantStatus;
import org.fedwerk.plant.internal.PlantView;
import org.jspecify.annotations.Nullable;

/** {@code plant:status}: how the simulated plants are. */
@Service
@Command(scope = "plant", name = "status", description = "Shows the simulated plants")
public final class PlantStatusCommand implements Action {
  @Reference private List<PlantView> plants = List.of();

  @Option(name = "--json", description = "One JSON object per plant, for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() {
    plants.stream()
        .map(PlantView::snapshot)
        .sorted(Comparator.comparing(PlantStatus::site))
        .forEach(json ? PlantStatusCommand::printJson : PlantStatusCommand::print);
    return null;
  }

  private static void printJson(PlantStatus plant) {
    System.out.println(Json.object(plant.fields()));
  }

  private static void print(PlantStatus plant) {
    System.out.printf("%s  %s: %s%n", plant.site(), plant.state(), plant.detail());
    Map<String, Object> lines = new LinkedHashMap<>();
    lines.put("process", plant.process());
    lines.put("OPC UA", plant.endpoint());
    lines.put("parts", plant.bulkParts() + " in bulk, " + plant.trickleParts() + " after it");
    lines.put("values", plant.values() + ", overflows " + plant.overflows());
    lines.put(
        "labels",
        plant.labels().sent()
            + " sent, "
            + plant.labels().acknowledged()
            + " acknowledged, "
            + plant.labels().state());
    lines.put(
        "probe",
        "%d measured, p50 %.1f ms, p99 %.1f ms, %s"
            .formatted(
                plant.probe().count(),
                plant.probe().p50Millis(),
                plant.probe().p99Millis(),
                plant.probe().state()));
    lines.forEach((name, value) -> System.out.printf("  %-8s %s%n", name, value));
  }
}
