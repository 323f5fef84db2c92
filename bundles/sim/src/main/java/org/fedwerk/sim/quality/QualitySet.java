// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;

/**
 * A figure's set and task.
 *
 * @param name {@code <set>.<task>}, also of its task file
 * @param data where its examples come from
 */
record QualitySet(String name, DataSet data) {
  static final List<QualitySet> ALL =
      List.of(
          new QualitySet("hydraulic.accumulator", new HydraulicData("accumulator_bar")),
          new QualitySet("hydraulic.valve", new HydraulicData("valve_percent")),
          new QualitySet("hydraulic.pump", new HydraulicData("pump_leakage")),
          new QualitySet("cmapss.rul", new TurbofanData()),
          new QualitySet("tep.fault", new TennesseeData()),
          new QualitySet("gas-turbine.nox", new TurbineData("NOX")),
          new QualitySet("ai4i2020.failure", new MillingData()),
          new QualitySet("steel-plates.fault", new SteelData()));
}
