// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.api.message.Party;

/**
 * Who carries what this process sends and receives.
 *
 * @param carrier the usual one
 * @param sites sites that routes carry for, while the broker serves the others; at a coordinator
 *     only
 * @param roundTrip how long an answer takes where routes carry
 */
record CarrierSettings(Carrier carrier, Set<String> sites, Duration roundTrip) {
  private static final long MOST_ROUND_TRIP = Duration.ofDays(30).toSeconds();

  /** What carries. */
  enum Carrier {
    MQTT,
    ROUTES
  }

  CarrierSettings {
    sites = Set.copyOf(sites);
    long seconds = roundTrip.toSeconds();
    require(
        seconds >= 1 && seconds <= MOST_ROUND_TRIP,
        "round.trip.seconds",
        Long.toString(seconds),
        "a number from 1 to " + MOST_ROUND_TRIP);
  }

  /**
   * As configured.
   *
   * @throws IllegalArgumentException naming the key that is not allowed
   */
  static CarrierSettings of(Config config, Party self) {
    String word = config.carrier().strip();
    Carrier carrier =
        Arrays.stream(Carrier.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
            .findFirst()
            .orElseThrow(() -> refusal("carrier", word, "mqtt or routes"));
    String listed = config.carried_sites();
    Set<String> sites =
        Arrays.stream(listed.split(",", -1))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    require(
        sites.isEmpty() || (carrier == Carrier.MQTT && self.role() == Party.Role.COORDINATOR),
        "carried.sites",
        listed,
        "it at a coordinator with carrier = mqtt; elsewhere leave it empty");
    return new CarrierSettings(carrier, sites, Duration.ofSeconds(config.round_trip_seconds()));
  }

  private static void require(boolean isAllowed, String key, String value, String allowed) {
    if (!isAllowed) {
      throw refusal(key, value, allowed);
    }
  }

  private static IllegalArgumentException refusal(String key, String value, String allowed) {
    return new IllegalArgumentException(
        LinkSettings.PID + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed);
  }
}
