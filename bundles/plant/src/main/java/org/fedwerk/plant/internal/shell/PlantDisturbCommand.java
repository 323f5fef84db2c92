// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.shell;

import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.plant.internal.Disturbance;
import org.fedwerk.plant.internal.PlantView;
import org.jspecify.annotations.Nullable;

/** {@code plant:disturb}: makes one machine deliver bad values of one signal. */
@Service
@Command(
    scope = "plant",
    name = "disturb",
    description = "Lets one machine deliver NaN or texts as one signal, until none")
public final class PlantDisturbCommand implements Action {
  @Reference private List<PlantView> plants = List.of();

  @Argument(index = 0, name = "site", description = "Name of the plant", required = true)
  private String site = "";

  @Argument(index = 1, name = "signal", description = "Name of the signal", required = true)
  private String signal = "";

  @Argument(index = 2, name = "none|nan|text", description = "What it delivers", required = true)
  private String wanted = "";

  @Override
  public @Nullable Object execute() {
    Disturbance disturbance = disturbance();
    PlantView plant =
        plants.stream()
            .filter(each -> each.snapshot().site().equals(site))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no plant is named \"" + site + "\""));
    plant.disturb(signal, disturbance);
    System.out.println(site + " delivers " + signal + ": " + wanted);
    return null;
  }

  private Disturbance disturbance() {
    for (Disturbance each : Disturbance.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "plant:disturb takes none, nan or text, not \"" + wanted + "\"");
  }
}
