// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Journal;

/**
 * Counts the rounds that this site trains in per local day, and says when its owner wants no more
 * of them. A round counts once, however many attempts it takes, from its first training on; what it
 * asks for beside that is answered also when the day's last one is reached. Thread-safe.
 */
final class RoundQuota {
  private static final int BEGUN = 1;
  private static final String NAME = "site/rounds";

  /** Days that are looked at again, in case a clock was set back. */
  private static final int DAYS_KEPT = 2;

  private final Journal journal;
  private final int perDay;
  private final RoundHours hours;
  private final Clock clock;
  private final List<Begun> begun = new ArrayList<>();

  private record Begun(long sequence, Digest task, int round, Instant when) {}

  /**
   * Opens the count.
   *
   * @param perDay most rounds of one day, over all tasks; 0 for any number
   * @param hours whose zone says when a day begins
   */
  RoundQuota(Journal journal, int perDay, RoundHours hours, Clock clock) {
    this.journal = journal;
    this.perDay = perDay;
    this.hours = hours;
    this.clock = clock;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          if (record.type() != BEGUN) {
            throw new IllegalStateException(
                "journal " + NAME + " holds a record of unknown type " + record.type());
          }
          Instant when = Instant.ofEpochMilli(record.number());
          begun.add(new Begun(sequence, record.digest(), record.integer(), when));
        });
  }

  /**
   * Counts a round before its training begins; on disk when it returns.
   *
   * @return false if the owner wants no more rounds today
   */
  synchronized boolean begin(Digest task, int round) {
    boolean counted =
        begun.stream().anyMatch(each -> each.task().equals(task) && each.round() == round);
    if (counted) {
      return true;
    }
    if (full().isPresent()) {
      return false;
    }
    Instant now = clock.instant();
    long sequence =
        journal.append(
            new StateWriter(BEGUN).number(now.toEpochMilli()).digest(task).number(round).record());
    journal.force();
    begun.add(new Begun(sequence, task, round, now));
    LocalDate oldest = day(now).minusDays(DAYS_KEPT);
    if (begun.removeIf(each -> day(each.when()).isBefore(oldest))) {
      journal.dropBefore(begun.get(0).sequence());
    }
    return true;
  }

  /** Why no further round is begun now; empty if one may be. */
  synchronized Optional<String> full() {
    if (perDay == 0) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    long today = begun.stream().filter(each -> day(each.when()).equals(day(now))).count();
    return today < perDay
        ? Optional.empty()
        : Optional.of(
            "policy, " + today + " of " + perDay + " rounds today, next " + hours.nextDay());
  }

  private LocalDate day(Instant when) {
    return when.atZone(hours.zone()).toLocalDate();
  }
}
