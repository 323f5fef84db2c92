// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresSettingsTest {
  private static final String URL = "jdbc:postgresql://db.example:5432/fedwerk";

  private static String refusal(String url, String schema, Duration lease) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new PostgresSettings(url, "", "", schema, "hq", lease))
        .getMessage();
  }

  @Test
  void eachSettingIsRefusedByPidKeyAndValue() {
    Duration lease = Duration.ofSeconds(5);
    assertEquals(
        "org.fedwerk.store.postgres: url =  is not allowed; allowed is"
            + " jdbc:postgresql://host:port/database",
        refusal("", "fedwerk", lease));
    assertEquals(
        "org.fedwerk.store.postgres: schema = a;b is not allowed; allowed is a lower case letter or"
            + " _, then letters, digits and _",
        refusal(URL, "a;b", lease));
    assertEquals(
        "org.fedwerk.store.postgres: lease.seconds = 301 is not allowed; allowed is 2 to 300",
        refusal(URL, "fedwerk", Duration.ofSeconds(301)));
  }

  @Test
  void aPasswordIsNeverShown() {
    assertFalse(refusal(URL + "?password=secret", "x", Duration.ofSeconds(5)).contains("secret"));
    assertFalse(
        new PostgresSettings(URL, "u", "secret", "x", "hq", Duration.ofSeconds(5))
            .toString()
            .contains("secret"));
  }
}
