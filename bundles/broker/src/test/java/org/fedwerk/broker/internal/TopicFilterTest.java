// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilterTest {
  @ParameterizedTest
  @CsvSource({
    "a/#, a/b/c, true",
    "a/#, a, true",
    "a/#, a/+/c, true",
    "a/#, a/#, true",
    "a/#, #, false",
    "a/#, +/b, false",
    "a/#, ab/c, false",
    "a/+/c, a/b/c, true",
    "a/+/c, a/+/c, true",
    "a/+/c, a/#, false",
    "a/+/c, a/b/d, false",
    "a/b, a/b/c, false",
    "a/b, a, false",
    "+, a, true",
    "+, a/b, false",
    "a//c, a//c, true",
    "a//c, a/b/c, false"
  })
  void aRuleCoversAFilterOnlyIfAllThatTheFilterMatchesIsAllowed(
      String rule, String filter, boolean covers) {
    assertEquals(covers, TopicFilter.of(rule).covers(TopicFilter.of(filter)));
  }

  @ParameterizedTest
  @CsvSource({
    "a.b.c, a/b/c",
    "a.*.c, a/+/c",
    "a.#, a/#",
    "a\\.b.c, a.b/c",
    "a.\\*, a/*",
    "a..c, a//c"
  })
  void anAddressOfTheBrokersCoreIsReadBackAsTheTopicItCameFrom(String address, String topic) {
    assertEquals(topic, String.join("/", TopicFilter.ofAddress(address).levels()));
  }

  @Test
  void aWildcardBesideLettersOrBeforeTheEndIsRefused() {
    for (String bad : new String[] {"a+/b", "a/#/b", "a#", ""}) {
      assertThrows(IllegalArgumentException.class, () -> TopicFilter.of(bad), bad);
    }
  }
}
