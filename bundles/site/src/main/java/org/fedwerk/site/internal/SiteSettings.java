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
 * @param permits what may leave beyond what rounds need
 * @param chunks how many chunks of replies are under way
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
    Permits permits,
    Chunks chunks) {
  /** The configuration's name. */
  static final String PID = "org.fedwerk.site";

  private static final int PARTS_THAT_WAIT = 1024;
  private static final int MOST_PARTS = 100_000;

  /**
   * What may leave beyond what rounds need.
   *
   * @param driftRequests true if the site may ask for rounds when its data drift
   * @param contribution true if other sites may get models of this site's update alone
   * @param statistics true if count, mean and variance of each input may leave
   * @param labels true if the training examples of each class, or moments of a number, may leave
   */
  public record Permits(
      boolean driftRequests, boolean contribution, boolean statistics, boolean labels) {
    /** What holds where nothing is configured. */
    public static final Permits DEFAULT = new Permits(true, false, false, false);
  }

  /**
   * How many chunks of replies are under way.
   *
   * @param inFlight most at the link
   * @param waiting most that wait, as digests; the coordinator asks for 32 at a time, and what is
   *     beyond this it asks for again
   * @param remembered so many of those that the broker took last are not sent again before they are
   *     known to be lost
   */
  public record Chunks(int inFlight, int waiting, int remembered) {
    /** What holds where nothing is configured. */
    public static final Chunks DEFAULT = new Chunks(16, 1000, 256);

    public Chunks {
      atLeast("chunks.in.flight", inFlight, 1);
      atMost("chunks.in.flight", inFlight, 1000);
      atLeast("chunks.waiting", waiting, 32);
      atMost("chunks.waiting", waiting, 100_000);
      atLeast("chunks.remembered", remembered, 32);
      atMost("chunks.remembered", remembered, 100_000);
    }
  }

  public SiteSettings {
    approveOwners = Set.copyOf(approveOwners);
    atLeast("egress.max.bytes", egressMaxBytes, 1024);
    atLeast("egress.kept", egressKept, 1000);
    atLeast("queue.messages", queueMessages, 10);
    atLeast("queue.bytes", queueBytes, 262_144);
    atLeast("rounds.per.day", roundsPerDay, 0);
    atLeast("predict.queue", predictQueue, 1);
    atMost("predict.queue", predictQueue, MOST_PARTS);
  }

  /** Any number of rounds per day, and the defaults for all that follows. */
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
        Permits.DEFAULT,
        Chunks.DEFAULT);
  }

  /** The same with a policy for rounds, as the configuration words it. */
  public SiteSettings withRounds(String allowed, String zone, int perDay) {
    return with(RoundHours.of(allowed, zone), perDay, permits, chunks);
  }

  /** The same with another pace for chunks of replies. */
  public SiteSettings withChunks(Chunks pace) {
    return with(hours, roundsPerDay, permits, pace);
  }

  /** The same, but this site asks for no rounds. */
  public SiteSettings withoutDriftRequests() {
    return permitting(
        new Permits(false, permits.contribution(), permits.statistics(), permits.labels()));
  }

  /** The same, and other sites may get models of this site's update alone. */
  public SiteSettings allowingContribution() {
    return permitting(
        new Permits(permits.driftRequests(), true, permits.statistics(), permits.labels()));
  }

  /** The same, but count, mean and variance of each input may leave this site. */
  public SiteSettings withStatistics() {
    return permitting(
        new Permits(permits.driftRequests(), permits.contribution(), true, permits.labels()));
  }

  /** The same, but this site tells of the labels of its training examples. */
  public SiteSettings withLabels() {
    return permitting(
        new Permits(permits.driftRequests(), permits.contribution(), permits.statistics(), true));
  }

  private SiteSettings permitting(Permits other) {
    return with(hours, roundsPerDay, other, chunks);
  }

  private SiteSettings with(RoundHours open, int perDay, Permits may, Chunks pace) {
    return new SiteSettings(
        approveOwners,
        egressMaxBytes,
        egressKept,
        queueMessages,
        queueBytes,
        open,
        perDay,
        predictQueue,
        may,
        pace);
  }

  /** True if the site may ask for rounds when its data drift. */
  boolean driftRequests() {
    return permits.driftRequests();
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
        new Permits(
            config.drift_requests(),
            config.contribution_allowed(),
            config.statistics_leave(),
            config.labels_leave()),
        new Chunks(config.chunks_in_flight(), config.chunks_waiting(), config.chunks_remembered()));
  }

  private static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = \"" + value + "\" is not allowed; use " + least + " or more");
    }
  }

  private static void atMost(String key, long value, long most) {
    if (value > most) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = \"" + value + "\" is not allowed; use " + most + " or less");
    }
  }
}
