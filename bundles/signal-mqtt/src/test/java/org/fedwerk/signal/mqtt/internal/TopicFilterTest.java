// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
  @ParameterizedTest
  @CsvSource({
    "sport/tennis/player1/#, sport/tennis/player1, true",
    "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
    "sport/#, sport, true",
    "sport/#, sports, false",
    "sport/tennis/+, sport/tennis/player1, true",
    "sport/tennis/+, sport/tennis/player1/ranking, false",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+, /finance, false",
    "#, $SYS/uptime, false",
    "+/monitor, $SYS/monitor, false",
    "$SYS/#, $SYS/uptime, true",
    "a/b, a/B, false"
  })
  void matchesAsTheStandardSays(String filter, String topic, boolean matches) {
    assertEquals(matches, new TopicFilter(filter).matches(topic));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/#/b", "a#", "a/b+", "$share/group/a"})
  void refusesWhatIsNoFilter(String filter) {
    assertThrows(IllegalArgumentException.class, () -> new TopicFilter(filter));
  }
}
