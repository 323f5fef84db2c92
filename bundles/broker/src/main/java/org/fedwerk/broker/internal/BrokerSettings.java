// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a broker is told, beside who may come in.
 *
 * @param name the instance's name
 * @param host address to listen on
 * @param port port; 0 takes a free one
 * @param packetMax largest MQTT packet in bytes
 * @param clientsMax most connections at a time
 * @param folder journal, paging and large messages
 * @param journalFileBytes size of one journal file
 * @param sessionExpiryMax longest time that a session outlives its connection
 * @param queueMaxBytes memory per topic before {@code whenFull} applies
 * @param whenFull what happens then
 * @param diskMaxPercent use of the disk at which publishers are held
 */
public record BrokerSettings(
    String name,
    String host,
    int port,
    int packetMax,
    int clientsMax,
    Path folder,
    int journalFileBytes,
    Duration sessionExpiryMax,
    long queueMaxBytes,
    WhenFull whenFull,
    int diskMaxPercent) {
  /** The configurations' name. */
  static final String PID = "org.fedwerk.broker";

  /** Above it the broker's arithmetic of expiry in milliseconds overflows. */
  private static final Duration LONGEST_EXPIRY = Duration.ofSeconds(Integer.MAX_VALUE / 1000);

  private static final int MIB = 1024 * 1024;

  /** What happens when a topic's queues are full. */
  public enum WhenFull {
    /** Messages go to disk. */
    PAGE,
    /** Publishers wait. */
    BLOCK
  }

  /**
   * A user of a broker with users.
   *
   * @param password in clear
   * @param topics what it may publish and subscribe
   */
  public record User(String password, List<TopicFilter> topics) {
    /** From MQTT topic filters. */
    public static User of(String password, String... topics) {
      return new User(password, List.of(topics).stream().map(TopicFilter::of).toList());
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "User[" + topics + "]";
    }
  }

  /** Where TLS finds its keys; trust is read only where clients must show a certificate. */
  record Keys(Path keys, Path trust, char[] password, boolean isMutual) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Keys[" + keys + "]";
    }
  }

  public BrokerSettings {
    require(!host.isBlank(), name, "host", host, "a host name or an IP address");
    within(name, "port", port, 0, 65535);
    within(name, "packet.max", packetMax, 1024, 256L * MIB);
    within(name, "clients.max", clientsMax, 1, 100_000);
    within(name, "journal.file.size", journalFileBytes, MIB, 1024L * MIB);
    within(name, "session.expiry.max", sessionExpiryMax.toSeconds(), 0, LONGEST_EXPIRY.toSeconds());
    within(name, "queue.max", queueMaxBytes, MIB, 1024L * 1024 * MIB);
    within(name, "disk.max", diskMaxPercent, 1, 100);
  }

  /** Defaults on loopback with a free port, for tests and simulations. */
  public static BrokerSettings loopback(String name, Path folder) {
    return new BrokerSettings(
        name,
        "127.0.0.1",
        0,
        MIB,
        1024,
        folder,
        10 * MIB,
        Duration.ofDays(7),
        64L * MIB,
        WhenFull.PAGE,
        100);
  }

  private static void within(String name, String key, long value, long least, long most) {
    require(
        value >= least && value <= most,
        name,
        key,
        Long.toString(value),
        "a number from " + least + " to " + most);
  }

  /** Fails with the one message that a bad configuration gets. */
  static void require(boolean isAllowed, String name, String key, String value, String allowed) {
    if (!isAllowed) {
      throw new IllegalArgumentException(
          PID + "-" + name + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed);
    }
  }
}
