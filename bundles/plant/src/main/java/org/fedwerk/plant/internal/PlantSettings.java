// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.util.Optional;
import org.fedwerk.plant.internal.mqtt.BrokerSettings;
import org.fedwerk.plant.internal.opcua.ServerSettings;
import org.fedwerk.plant.internal.probe.ProbeSettings;

/**
 * All that a plant is told.
 *
 * @param server its OPC UA server
 * @param pace how fast it works
 * @param broker where labels go; empty for none
 * @param probe the prediction server that is measured; empty for none
 */
public record PlantSettings(
    ServerSettings server,
    Pace pace,
    Optional<BrokerSettings> broker,
    Optional<ProbeSettings> probe) {
  /** The plant's name. */
  public String site() {
    return server.site();
  }
}
