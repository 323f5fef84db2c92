// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** A plant per configuration {@code org.fedwerk.plant-<site>}. */
@Component(
    service = {PlantView.class, StatusSource.class},
    immediate = true,
    configurationPid = PlantComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PlantConfig.class, factory = true)
public final class PlantComponent implements PlantView, StatusSource {
  /** The factory's name. */
  static final String PID = "org.fedwerk.plant";

  private final Plant plant;

  /** Checks the configuration; refuses it with every key that is wrong. */
  @Activate
  public PlantComponent(PlantConfig config) throws RefusedException {
    plant = ConfiguredPlant.of(config);
  }

  @Activate
  void start() {
    plant.start();
  }

  @Deactivate
  void stop() throws InterruptedException {
    plant.close();
  }

  @Override
  public PlantStatus snapshot() {
    return plant.snapshot();
  }

  @Override
  public void begin() {
    plant.begin();
  }

  @Override
  public void trickle(boolean on) {
    plant.trickle(on);
  }

  @Override
  public void disturb(String signal, Disturbance disturbance) {
    plant.disturb(signal, disturbance);
  }

  @Override
  public List<StatusLine> status() {
    PlantStatus now = snapshot();
    StatusLine.State state =
        switch (now.state()) {
          case STARTING -> StatusLine.State.STARTING;
          case WAITING -> StatusLine.State.WAITING;
          case BULK, TRICKLE, HOLDING, DONE -> StatusLine.State.READY;
          case FAILED -> StatusLine.State.DOWN;
        };
    return List.of(
        new StatusLine(
            "plant " + now.site(), state, now.detail() + "; labels: " + now.labels().state()));
  }
}
