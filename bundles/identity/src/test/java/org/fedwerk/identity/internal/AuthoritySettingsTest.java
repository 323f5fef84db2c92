// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthoritySettingsTest {
  @Test
  void aBadValueIsNamedWithPidKeyAndWhatIsAllowed() {
    String host = "127.0.0.1";
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new AuthoritySettings(
                    "My Plants", "hq", host, 0, host, host, 0, Path.of("target")));
    assertEquals(
        "org.fedwerk.identity.authority: federation = \"My Plants\" is not allowed; use 1 to 40"
            + " lower case letters, digits and dashes, beginning with a letter or digit",
        refused.getMessage());
  }

  @Test
  void aPortOutsideTheRangeIsNamed() {
    String host = "127.0.0.1";
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new AuthoritySettings("p", "hq", host, 70000, host, host, 0, Path.of("target")));
    assertEquals(
        "org.fedwerk.identity.authority: enrolment.port = \"70000\" is not allowed; use 0 to"
            + " 65535",
        refused.getMessage());
  }

  @Test
  void aBoundThatHoldsNoRequestIsNamed() {
    String host = "127.0.0.1";
    Path folder = Path.of("target");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new AuthoritySettings(
                    "p", "hq", host, 0, host, host, 0, folder, Optional.empty(), 0));
    assertEquals(
        "org.fedwerk.identity.authority: enrolment.requests.max = \"0\" is not allowed; use 1 to"
            + " 1000",
        refused.getMessage());
  }
}
