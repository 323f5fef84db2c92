// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.message.Party;
import org.fedwerk.link.internal.CarrierSettings.Carrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierSettingsTest {
  /** Configuration with the defaults but for the given values. */
  private static Config config(Map<String, Object> values) {
    return (Config)
        Proxy.newProxyInstance(
            Config.class.getClassLoader(),
            new Class<?>[] {Config.class},
            (self, method, arguments) ->
                values.getOrDefault(method.getName(), ((Method) method).getDefaultValue()));
  }

  private static CarrierSettings of(Party.Role role, Map<String, Object> values) {
    return CarrierSettings.of(config(values), new Party(role, "x"));
  }

  @Test
  void aBrokerCarriesWhereNothingIsSaid() {
    assertEquals(
        new CarrierSettings(Carrier.MQTT, Set.of(), Duration.ofSeconds(60)),
        of(Party.Role.SITE, Map.of()));
  }

  @Test
  void routesCarryForASiteOrForSomeSitesOfACoordinator() {
    assertEquals(
        new CarrierSettings(Carrier.ROUTES, Set.of(), Duration.ofDays(1)),
        of(Party.Role.SITE, Map.of("carrier", "routes", "round_trip_seconds", 86_400L)));
    assertEquals(
        Set.of("plant-c", "plant-d"),
        of(Party.Role.COORDINATOR, Map.of("carried_sites", "plant-c, plant-d")).sites());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          SITE;        pigeons; '';      60;      carrier = "pigeons" is not allowed; use mqtt or routes
          SITE;        mqtt;    plant-c; 60;      carried.sites = "plant-c" is not allowed; use it at a coordinator with carrier = mqtt
          COORDINATOR; routes;  plant-c; 60;      carried.sites = "plant-c" is not allowed; use it at a coordinator with carrier = mqtt
          SITE;        routes;  '';      0;       round.trip.seconds = "0" is not allowed; use a number from 1 to 2592000
          """)
  void aBadSettingIsRefusedByKeyAndValue(
      Party.Role role, String carrier, String sites, long seconds, String what, String allowed) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                of(
                    role,
                    Map.of(
                        "carrier",
                        carrier,
                        "carried_sites",
                        sites,
                        "round_trip_seconds",
                        seconds)));
    String message = String.valueOf(refused.getMessage());
    assertEquals(
        "org.fedwerk.link: " + what.strip() + "; " + allowed.strip(),
        message.replace("; elsewhere leave it empty", ""));
  }
}
