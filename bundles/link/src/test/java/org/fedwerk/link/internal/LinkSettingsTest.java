// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkSettingsTest {
  @Test
  void theDefaultsAreAllowed() {
    LinkSettings settings = of("ssl://broker.example:8883", 30, 86_400, 500, 30_000);
    assertEquals("ssl://broker.example:8883", settings.brokerUrl());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          tcp://host:1883;  30;   0; 500; 1000;  org.fedwerk.link: broker.url = "tcp://host:1883" is not allowed; use ssl://host:port
          ssl://host;       30;   0; 500; 1000;  org.fedwerk.link: broker.url = "ssl://host" is not allowed; use ssl://host:port
          ssl://host:8883;   0;   0; 500; 1000;  org.fedwerk.link: keep.alive.seconds = "0" is not allowed; use a number from 1 to 65535
          ssl://host:8883;  30;  -1; 500; 1000;  org.fedwerk.link: session.expiry.seconds = "-1" is not allowed; use a number from 0 to 4294967295
          ssl://host:8883;  30;   0;   1; 1000;  org.fedwerk.link: backoff.least.millis = "1" is not allowed; use a number from 10 to 3600000
          ssl://host:8883;  30;   0; 500;  100;  org.fedwerk.link: backoff.most.millis = "100" is not allowed; use a number from 500 to 3600000
          """)
  void aBadSettingIsRefusedByKeyAndValue(
      String url, long keepAlive, long expiry, long least, long most, String m1, String m2) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> of(url, keepAlive, expiry, least, most));
    assertEquals(m1.strip() + "; " + m2.strip(), refused.getMessage());
  }

  private static LinkSettings of(String url, long keepAlive, long expiry, long least, long most) {
    return new LinkSettings(
        url,
        Duration.ofSeconds(keepAlive),
        Duration.ofSeconds(expiry),
        Duration.ofMillis(least),
        Duration.ofMillis(most));
  }
}
