// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import org.fedwerk.api.identity.Identity;

/**
 * How to reach a broker.
 *
 * @param brokerUrl {@code ssl://host:port}
 * @param keepAlive MQTT keep alive
 * @param sessionExpiry how long the broker keeps a session without connection
 * @param backoffLeast first wait before connecting again
 * @param backoffMost longest wait
 * @param queue bounds of what is under way
 */
public record LinkSettings(
    String brokerUrl,
    Duration keepAlive,
    Duration sessionExpiry,
    Duration backoffLeast,
    Duration backoffMost,
    Queue queue) {
  /** The configuration's name. */
  static final String PID = "org.fedwerk.link";

  private static final long MOST_KEEP_ALIVE = 65_535;
  private static final long MOST_EXPIRY = 0xFFFF_FFFFL;
  private static final long LEAST_BACKOFF = 10;
  private static final long MOST_BACKOFF = 3_600_000;

  private static final int MIB = 1024 * 1024;

  /**
   * Bounds of what is under way.
   *
   * @param sendMessages most messages that were handed over and that the broker has not taken
   * @param sendBytes most bytes of them
   * @param inFlight most of them on their way to the broker, fewer if it takes fewer
   * @param receive most messages that the broker may send before one is acknowledged, per client
   */
  public record Queue(int sendMessages, long sendBytes, int inFlight, int receive) {
    /** What holds where nothing is configured. */
    public static final Queue DEFAULTS = new Queue(10_000, 64 * MIB, 32, 100);

    public Queue {
      within("send.messages", sendMessages, 100, 1_000_000);
      within("send.bytes", sendBytes, MIB, 4096L * MIB);
      within("send.in.flight", inFlight, 1, 1000);
      within("receive.max", receive, 1, 1000);
    }
  }

  /** With the defaults for what is under way. */
  public LinkSettings(
      String brokerUrl,
      Duration keepAlive,
      Duration sessionExpiry,
      Duration backoffLeast,
      Duration backoffMost) {
    this(brokerUrl, keepAlive, sessionExpiry, backoffLeast, backoffMost, Queue.DEFAULTS);
  }

  public LinkSettings {
    require(
        brokerUrl.matches("ssl://[^/\\s]+:[1-9][0-9]{0,4}"),
        "broker.url",
        brokerUrl,
        "ssl://host:port");
    within("keep.alive.seconds", keepAlive.toSeconds(), 1, MOST_KEEP_ALIVE);
    within("session.expiry.seconds", sessionExpiry.toSeconds(), 0, MOST_EXPIRY);
    within("backoff.least.millis", backoffLeast.toMillis(), LEAST_BACKOFF, MOST_BACKOFF);
    within("backoff.most.millis", backoffMost.toMillis(), backoffLeast.toMillis(), MOST_BACKOFF);
  }

  /**
   * As configured; the address is what enrolment told unless it is configured too.
   *
   * @throws IllegalArgumentException naming the key that is not allowed
   */
  static LinkSettings of(Config config, Identity identity) {
    String url = config.broker_url();
    if (url.isEmpty()) {
      require(
          identity.brokerPort() > 0,
          "broker.url",
          "",
          "ssl://host:port of the broker, for enrolment has not told its port");
      url = "ssl://" + identity.brokerHost() + ":" + identity.brokerPort();
    }
    return new LinkSettings(
        url,
        Duration.ofSeconds(config.keep_alive_seconds()),
        Duration.ofSeconds(config.session_expiry_seconds()),
        Duration.ofMillis(config.backoff_least_millis()),
        Duration.ofMillis(config.backoff_most_millis()),
        queue(config));
  }

  /** Bounds as configured. */
  static Queue queue(Config config) {
    return new Queue(
        config.send_messages(), config.send_bytes(), config.send_in_flight(), config.receive_max());
  }

  private static void within(String key, long value, long least, long most) {
    require(
        value >= least && value <= most,
        key,
        Long.toString(value),
        "a number from " + least + " to " + most);
  }

  /** Fails with the one message that a bad configuration gets. */
  private static void require(boolean isAllowed, String key, String value, String allowed) {
    if (!isAllowed) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed);
    }
  }
}
