// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an authority is told.
 *
 * @param federation the federation's name
 * @param coordinator the coordinator's id
 * @param enrolmentHost address that enrolment listens on
 * @param enrolmentPort its port; 0 takes a free one
 * @param advertisedHost name or address under which sites reach this machine
 * @param brokerHost host of the broker, for the enrolment answer
 * @param brokerPort port of the broker, for the enrolment answer; 0 if sites are told by their own
 *     configuration
 * @param folder where keys and the ledger are
 * @param brokerFiles where certificate and rights for a broker of another make go; empty: nowhere
 * @param requestsMost most requests of sites that wait to be enrolled
 */
public record AuthoritySettings(
    String federation,
    String coordinator,
    String enrolmentHost,
    int enrolmentPort,
    String advertisedHost,
    String brokerHost,
    int brokerPort,
    Path folder,
    Optional<Path> brokerFiles,
    int requestsMost) {
  /** The configuration's name, for messages. */
  static final String PID = "org.fedwerk.identity.authority";

  /** Most waiting requests where nothing is configured. */
  static final int REQUESTS = 64;

  private static final int MOST_REQUESTS = 1000;
  private static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";
  private static final String NAME_RULE =
      "use 1 to 40 lower case letters, digits and dashes, beginning with a letter or digit";
  private static final String HOST = "[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:.]{2,45}";

  /** Without files for another broker. */
  public AuthoritySettings(
      String federation,
      String coordinator,
      String enrolmentHost,
      int enrolmentPort,
      String advertisedHost,
      String brokerHost,
      int brokerPort,
      Path folder) {
    this(
        federation,
        coordinator,
        enrolmentHost,
        enrolmentPort,
        advertisedHost,
        brokerHost,
        brokerPort,
        folder,
        Optional.empty());
  }

  /** With as many waiting requests as hold where nothing is configured. */
  public AuthoritySettings(
      String federation,
      String coordinator,
      String enrolmentHost,
      int enrolmentPort,
      String advertisedHost,
      String brokerHost,
      int brokerPort,
      Path folder,
      Optional<Path> brokerFiles) {
    this(
        federation,
        coordinator,
        enrolmentHost,
        enrolmentPort,
        advertisedHost,
        brokerHost,
        brokerPort,
        folder,
        brokerFiles,
        REQUESTS);
  }

  public AuthoritySettings {
    require(federation.matches(NAME), "federation", federation, NAME_RULE);
    require(coordinator.matches(NAME), "coordinator", coordinator, NAME_RULE);
    host("enrolment.host", enrolmentHost);
    host("advertised.host", advertisedHost);
    host("broker.host", brokerHost);
    port("enrolment.port", enrolmentPort);
    port("broker.port", brokerPort);
    require(
        requestsMost >= 1 && requestsMost <= MOST_REQUESTS,
        "enrolment.requests.max",
        Integer.toString(requestsMost),
        "use 1 to " + MOST_REQUESTS);
  }

  private static void host(String key, String value) {
    require(value.matches(HOST), key, value, "use a host name or an IP address");
  }

  private static void port(String key, int value) {
    require(value >= 0 && value <= 65535, key, Integer.toString(value), "use 0 to 65535");
  }

  private static void require(boolean allowed, String key, String value, String rule) {
    if (!allowed) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = \"" + value + "\" is not allowed; " + rule);
    }
  }
}
