// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a site's owner configures.
 *
 * @param approveOwners owners whose tasks are approved without asking
 * @param egressMaxBytes largest message that may leave, in bytes
 * @param egressKept passages kept on disk at least
 * @param queueMessages most messages from the link that wait
 * @param queueBytes most bytes of them
 * @param hours when this site works for rounds
 * @param roundsPerDay most rounds that it trains in per local day; 0 for any number
 * @param predictQueue most parts that wait to be predicted
 * @param driftRequests true if the site may ask for rounds when its data drift
 * @param contributionAllowed true if other sites may get models of this site's update alone
 */
public record SiteSettings(
    Set<String> approveOwners,
    long egressMaxBytes,
    long egressKept,
    int queueMessages,
    int queueBytes,
    RoundHours hours,
    int roundsPerDay,
    int predictQueue,
    boolean driftRequests,
    boolean contributionAllowed) {
  /** The configuration's name. */
  static final String PID = "org.fedwerk.site";

  private static final int PARTS_THAT_WAIT = 1024;
  private static final int MOST_PARTS = 100_000;

  public SiteSettings {
    approveOwners = Set.copyOf(approveOwners);
    atLeast("egress.max.bytes", egressMaxBytes, 1024);
    atLeast("egress.kept", egressKept, 1000);
    atLeast("queue.messages", queueMessages, 10);
    atLeast("queue.bytes", queueBytes, 262_144);
    atLeast("rounds.per.day", roundsPerDay, 0);
    atLeast("predict.queue", predictQueue, 1);
    if (predictQueue > MOST_PARTS) {
      throw new IllegalArgumentException(
          PID
              + ": predict.queue = \""
              + predictQueue
              + "\" is not allowed; use "
              + MOST_PARTS
              + " or less");
    }
  }

  /** Any number of rounds per day, and the default for parts that wait. */
  public SiteSettings(
      Set<String> approveOwners,
      long egressMaxBytes,
      long egressKept,
      int queueMessages,
      int queueBytes,
      RoundHours hours) {
    this(
        approveOwners,
        egressMaxBytes,
        egressKept,
        queueMessages,
        queueBytes,
        hours,
        0,
        PARTS_THAT_WAIT,
        true,
        false);
  }

  /** The same with a policy for rounds, as the configuration words it. */
  public SiteSettings withRounds(String allowed, String zone, int perDay) {
    return new SiteSettings(
        approveOwners,
        egressMaxBytes,
        egressKept,
        queueMessages,
        queueBytes,
        RoundHours.of(allowed, zone),
        perDay,
        predictQueue,
        driftRequests,
        contributionAllowed);
  }

  /** The same, but this site asks for no rounds. */
  public SiteSettings withoutDriftRequests() {
    return permitting(false, contributionAllowed);
  }

  /** The same, and other sites may get models of this site's update alone. */
  public SiteSettings allowingContribution() {
    return permitting(driftRequests, true);
  }

  private SiteSettings permitting(boolean requests, boolean contribution) {
    return new SiteSettings(
        approveOwners,
        egressMaxBytes,
        egressKept,
        queueMessages,
        queueBytes,
        hours,
        roundsPerDay,
        predictQueue,
        requests,
        contribution);
  }

  /** With the defaults for what waits; it works for rounds at any time. */
  public SiteSettings(Set<String> approveOwners, long egressMaxBytes, long egressKept) {
    this(approveOwners, egressMaxBytes, egressKept, 1000, 16_777_216, RoundHours.ALWAYS);
  }

  /** The defaults of the configuration, with owners whose tasks need no approval. */
  public static SiteSettings approving(Set<String> owners) {
    return new SiteSettings(owners, 131_072, 100_000);
  }

  /**
   * As configured; in a .cfg file owners stand in one line with commas between.
   *
   * @throws IllegalArgumentException naming the key that is not allowed
   */
  static SiteSettings of(Config config) {
    Set<String> owners =
        Arrays.stream(config.approve_owners())
            .flatMap(line -> Arrays.stream(line.split(",")))
            .map(String::strip)
            .filter(owner -> !owner.isEmpty())
            .collect(Collectors.toSet());
    return new SiteSettings(
        owners,
        config.egress_max_bytes(),
        config.egress_kept(),
        config.queue_messages(),
        config.queue_bytes(),
        RoundHours.of(String.join(",", config.rounds_allowed()), config.rounds_zone()),
        config.rounds_per_day(),
        config.predict_queue(),
        config.drift_requests(),
        config.contribution_allowed());
  }

  private static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = \"" + value + "\" is not allowed; use " + least + " or more");
    }
  }
}
