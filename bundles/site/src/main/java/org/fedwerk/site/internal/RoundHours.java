// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times of day at which a site works for rounds, in local time; none given means always.
 *
 * @param spans each from its begin up to, not including, its end; one that ends before it begins
 *     goes over midnight
 * @param zone whose clock is meant, summer time included
 */
public record RoundHours(List<Span> spans, ZoneId zone) {
  /** At any time. */
  static final RoundHours ALWAYS = new RoundHours(List.of(), ZoneId.of("UTC"));

  private static final Pattern SPAN = Pattern.compile("(\\d{2}:\\d{2})\\s*-\\s*(\\d{2}:\\d{2})");
  private static final String EXAMPLE = "use times like 22:00-06:00, several with commas between";

  public RoundHours {
    spans = List.copyOf(spans);
  }

  /** A part of the day. */
  public record Span(LocalTime from, LocalTime to) {
    boolean holds(LocalTime time) {
      boolean begun = !time.isBefore(from);
      boolean ended = !time.isBefore(to);
      return from.isBefore(to) ? begun && !ended : begun || !ended;
    }

    @Override
    public String toString() {
      return from + "-" + to;
    }
  }

  /**
   * As configured.
   *
   * @param allowed spans with commas between; empty for always
   * @param zone name of a time zone; empty for that of the process
   * @throws IllegalArgumentException naming the key that is not allowed
   */
  static RoundHours of(String allowed, String zone) {
    List<Span> spans = new ArrayList<>();
    for (String each : allowed.split(",")) {
      if (!each.isBlank()) {
        spans.add(span(each.strip()));
      }
    }
    try {
      return new RoundHours(
          spans, zone.isBlank() ? ZoneId.systemDefault() : ZoneId.of(zone.strip()));
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException(
          SiteSettings.PID
              + ": rounds.zone = \""
              + zone
              + "\" is not allowed; use a name like Europe/Vienna or UTC, or leave it out",
          unknown);
    }
  }

  private static Span span(String text) {
    Matcher matcher = SPAN.matcher(text);
    try {
      if (matcher.matches()) {
        Span span = new Span(LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)));
        if (!span.from().equals(span.to())) {
          return span;
        }
      }
    } catch (DateTimeException noTimeOfDay) {
      throw notAllowed(text, noTimeOfDay);
    }
    throw notAllowed(text, null);
  }

  private static IllegalArgumentException notAllowed(
      String text, @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalArgumentException(
        SiteSettings.PID + ": rounds.allowed = \"" + text + "\" is not allowed; " + EXAMPLE, cause);
  }

  /** True if the site works for rounds at this time. */
  boolean areOpen(Instant now) {
    LocalTime time = now.atZone(zone).toLocalTime();
    return spans.isEmpty() || spans.stream().anyMatch(span -> span.holds(time));
  }

  /** When work may begin on the next day, for people. */
  String nextDay() {
    LocalTime midnight = LocalTime.MIDNIGHT;
    boolean night = spans.isEmpty() || spans.stream().anyMatch(span -> span.holds(midnight));
    LocalTime next =
        night ? midnight : spans.stream().map(Span::from).min(LocalTime::compareTo).orElseThrow();
    return next + " " + zone;
  }

  /** Why a site does not take part at a time; empty if it does. */
  Optional<String> closed(Instant at) {
    return areOpen(at)
        ? Optional.empty()
        : Optional.of(
            "outside this site's hours for rounds, "
                + String.join(", ", spans.stream().map(Span::toString).toList())
                + " "
                + zone);
  }
}
