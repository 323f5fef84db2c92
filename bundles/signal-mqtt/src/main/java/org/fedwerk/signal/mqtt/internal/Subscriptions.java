// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.status.StatusLine;

/**
 * What the broker granted on one connection.
 *
 * @param connection where
 * @param settings what was wanted
 * @param missing filters that it did not grant as wanted
 * @param state READY if all is granted, else DEGRADED
 * @param detail in words
 */
record Subscriptions(
    BrokerConnection connection,
    MqttSettings settings,
    List<TopicFilter> missing,
    StatusLine.State state,
    String detail) {

  /** Subscribes to everything. */
  static Subscriptions make(BrokerConnection connection, MqttSettings settings)
      throws ConnectionProblem {
    return make(connection, settings, settings.filters());
  }

  /** Asks again for what is missing. */
  Subscriptions completed() throws ConnectionProblem {
    return missing.isEmpty() ? this : make(connection, settings, missing);
  }

  private static Subscriptions make(
      BrokerConnection connection, MqttSettings settings, List<TopicFilter> filters)
      throws ConnectionProblem {
    List<TopicFilter> missing = new ArrayList<>();
    List<String> troubles = new ArrayList<>();
    for (TopicFilter filter : filters) {
      String trouble = connection.subscribe(filter);
      if (!trouble.isEmpty()) {
        missing.add(filter);
        troubles.add(trouble);
      }
    }
    return missing.isEmpty()
        ? new Subscriptions(
            connection, settings, missing, StatusLine.State.READY, ready(connection, settings))
        : new Subscriptions(
            connection, settings, missing, StatusLine.State.DEGRADED, String.join("; ", troubles));
  }

  private static String ready(BrokerConnection connection, MqttSettings settings) {
    boolean isShorter = connection.expirySeconds() < settings.sessionExpiry().toSeconds();
    return settings.labels().size()
        + " labels and "
        + (settings.signals().size() + settings.images().size())
        + " signals from "
        + settings.broker()
        + (settings.isSecure() ? " (TLS)" : " (no security)")
        + (isShorter
            ? "; the broker keeps messages for an absent client only "
                + connection.expirySeconds()
                + " s"
            : "");
  }
}
