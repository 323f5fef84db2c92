// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.plant.internal.PlantView;
import org.jspecify.annotations.Nullable;

/** {@code plant:start}: lets plants that wait for it make their first part. */
@Service
@Command(
    scope = "plant",
    name = "start",
    description = "Lets the plants begin that are configured with start.at-once=false")
public final class PlantStartCommand implements Action {
  @Reference private List<PlantView> plants = List.of();

  @Override
  public @Nullable Object execute() {
    plants.forEach(PlantView::begin);
    System.out.println(plants.size() + " plants may begin");
    return null;
  }
}
