// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static final Set<String> KNOWN = Set.of("port");

  private static String refusal(Map<String, Object> configuration) {
    return assertThrows(
            IllegalArgumentException.class, () -> Users.read("labels", configuration, KNOWN))
        .getMessage();
  }

  @Test
  void usersAreReadWithTheirTopics() {
    Map<String, BrokerSettings.User> users =
        Users.read(
            "labels",
            Map.of(
                "user.plant1.password", "secret",
                "user.plant1.topics", "plant1/#, shared/+/labels",
                "port", 1883,
                "service.pid", "org.fedwerk.broker~labels",
                "felix.fileinstall.filename", "file:x"),
            KNOWN);
    assertEquals(2, users.get("plant1").topics().size());
    assertFalse(users.toString().contains("secret"));
  }

  @Test
  void aMisspeltKeyIsNamed() {
    assertEquals(
        "org.fedwerk.broker-labels: the key prot is not known; use port, user.<name>.password,"
            + " user.<name>.topics",
        refusal(Map.of("prot", 1)));
  }

  @Test
  void aUserWithoutTopicsAndABadFilterAreRefused() {
    assertEquals(
        "org.fedwerk.broker-labels: user.* = \"\" is not allowed; use both user.<name>.password and"
            + " user.<name>.topics for each user",
        refusal(Map.of("user.a.password", "x")));
    assertEquals(
        "org.fedwerk.broker-labels: user.a.topics = \"a#\" is not allowed; use MQTT topic filters"
            + " with commas between them, such as plant1/#",
        refusal(Map.of("user.a.password", "x", "user.a.topics", "a#")));
  }

  @Test
  void aNumberOutsideItsRangeIsNamedWithTheRange() {
    BrokerSettings good = BrokerSettings.loopback("main", java.nio.file.Path.of("target"));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new BrokerSettings(
                    "main",
                    good.host(),
                    70000,
                    good.packetMax(),
                    good.clientsMax(),
                    good.folder(),
                    good.journalFileBytes(),
                    good.sessionExpiryMax(),
                    good.queueMaxBytes(),
                    good.whenFull(),
                    good.diskMaxPercent()));
    assertEquals(
        "org.fedwerk.broker-main: port = \"70000\" is not allowed; use a number from 0 to 65535",
        refused.getMessage());
  }

  @Test
  void theNameOfAnInstanceComesFromItsPid() {
    assertEquals("labels", BrokerComponent.name("org.fedwerk.broker~labels"));
    assertEquals("default", BrokerComponent.name("org.fedwerk.broker"));
  }
}
