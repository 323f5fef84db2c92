// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.plant.internal.PlantView;
import org.jspecify.annotations.Nullable;

/** {@code plant:trickle}: lets the plants go on at their steady pace, or hold. */
@Service
@Command(
    scope = "plant",
    name = "trickle",
    description = "Switches the steady pace after the bulk phase on or off")
public final class PlantTrickleCommand implements Action {
  @Reference private List<PlantView> plants = List.of();

  @Argument(name = "on|off", description = "on or off", required = true)
  private String wanted = "";

  @Override
  public @Nullable Object execute() {
    if (!wanted.equals("on") && !wanted.equals("off")) {
      throw new IllegalArgumentException("plant:trickle takes on or off, not \"" + wanted + "\"");
    }
    plants.forEach(plant -> plant.trickle(wanted.equals("on")));
    System.out.println("steady pace is " + wanted + " for " + plants.size() + " plants");
    return null;
  }
}
