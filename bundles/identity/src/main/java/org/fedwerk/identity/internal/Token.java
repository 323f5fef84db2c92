// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/**
 * What a site's owner carries from the coordinator to the site, once.
 *
 * @param federation the federation's name
 * @param site the id the site will have
 * @param authority SHA-256 of the CA certificate: the server must show it
 * @param host where enrolment listens
 * @param port its port
 * @param expiry not valid from then on
 * @param secret one-time secret, base64url
 */
record Token(
    String federation,
    String site,
    Digest authority,
    String host,
    int port,
    Instant expiry,
    String secret) {
  private static final String TITLE = "fedwerk-token-1";

  /** The text to carry: base64url of its lines, the last one a check against cut copies. */
  String text() {
    String lines =
        String.join(
            "\n",
            TITLE,
            federation,
            site,
            authority.hex(),
            host,
            Integer.toString(port),
            Long.toString(expiry.getEpochSecond()),
            secret);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((lines + "\n" + check(lines)).getBytes(StandardCharsets.UTF_8));
  }

  static Token parse(String text) throws RefusedException {
    String lines;
    try {
      lines =
          new String(
              Base64.getUrlDecoder().decode(text.strip().getBytes(StandardCharsets.US_ASCII)),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw malformed();
    }
    int last = lines.lastIndexOf('\n');
    if (last < 0 || !check(lines.substring(0, last)).equals(lines.substring(last + 1))) {
      throw malformed();
    }
    List<String> parts = lines.substring(0, last).lines().toList();
    if (parts.size() != 8 || !parts.get(0).equals(TITLE)) {
      throw malformed();
    }
    try {
      Token token =
          new Token(
              parts.get(1),
              new Party(Party.Role.SITE, parts.get(2)).id(),
              new Digest(parts.get(3)),
              parts.get(4),
              Integer.parseInt(parts.get(5)),
              Instant.ofEpochSecond(Long.parseLong(parts.get(6))),
              parts.get(7));
      return token;
    } catch (IllegalArgumentException badPart) {
      throw malformed();
    }
  }

  private static String check(String lines) {
    return Digest.of(lines.getBytes(StandardCharsets.UTF_8)).brief();
  }

  private static RefusedException malformed() {
    return new RefusedException(
        "token",
        "it is not a token of this program or was cut while copying; copy it whole, or ask the"
            + " coordinator for a new one");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Token[" + federation + ", site " + site + ", " + host + ":" + port + "]";
  }
}
