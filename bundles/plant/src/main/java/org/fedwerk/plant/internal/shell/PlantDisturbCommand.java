// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.plant.internal.Disturbance;
import org.fedwerk.plant.internal.PlantView;
import org.jspecify.annotations.Nullable;

/** {@code plant:disturb}: makes one machine deliver bad or other values of one signal. */
@Service
@Command(
    scope = "plant",
    name = "disturb",
    description =
        "Lets one machine deliver NaN, texts, or its values times a factor as one signal, until"
            + " none")
public final class PlantDisturbCommand implements Action {
  @Reference private List<PlantView> plants = List.of();

  @Argument(index = 0, name = "site", description = "Name of the plant", required = true)
  private String site = "";

  @Argument(index = 1, name = "signal", description = "Name of the signal", required = true)
  private String signal = "";

  @Argument(
      index = 2,
      name = "none|nan|text|x<factor>",
      description = "What it delivers; x1.5 for each value times 1.5",
      required = true)
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
    return switch (wanted) {
      case "none" -> Disturbance.NONE;
      case "nan" -> Disturbance.NAN;
      case "text" -> Disturbance.TEXT;
      default -> gain();
    };
  }

  private Disturbance gain() {
    if (wanted.matches("x\\d{1,6}(\\.\\d{1,6})?")) {
      return new Disturbance.Gain(Double.parseDouble(wanted.substring(1)));
    }
    throw new IllegalArgumentException(
        "plant:disturb takes none, nan, text or a factor as x1.5, not \"" + wanted + "\"");
  }
}
