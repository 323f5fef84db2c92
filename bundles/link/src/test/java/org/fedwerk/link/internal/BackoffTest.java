// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {
  @Property
  void aWaitLiesBetweenHalfAndTheWholeOfADoublingThatIsCapped(
      @ForAll @IntRange(min = 10, max = 5_000) int least,
      @ForAll @IntRange(min = 0, max = 60_000) int more,
      @ForAll @IntRange(min = 1, max = 80) int tries,
      @ForAll long seed) {
    Duration most = Duration.ofMillis(least + more);
    Backoff backoff = new Backoff(Duration.ofMillis(least), most, new SplittableRandom(seed));
    double whole = least;
    for (int i = 0; i < tries; i++) {
      long wait = backoff.next().toMillis();
      long expected = (long) Math.min(whole, most.toMillis());
      assertTrue(wait >= expected / 2 && wait <= expected, wait + " for " + expected);
      whole *= 2;
    }
  }

  @Property(tries = 100)
  void afterAResetItBeginsWithTheLeastAgain(@ForAll long seed) {
    Duration least = Duration.ofMillis(100);
    SplittableRandom random = new SplittableRandom(seed);
    Backoff backoff = new Backoff(least, Duration.ofMinutes(1), random);
    for (int i = 0; i < 5; i++) {
      backoff.next();
    }
    backoff.reset();
    assertTrue(backoff.next().compareTo(least) <= 0);
  }

  @Property(tries = 20)
  void sitesThatLostTheBrokerTogetherDoNotComeBackTogether(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long different =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(
                site ->
                    new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(10), random.split())
                        .next())
            .distinct()
            .count();
    assertTrue(different > 40, "only " + different + " different waits");
    assertEquals(
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2), new SplittableRandom(seed))
            .next(),
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2), new SplittableRandom(seed))
            .next());
  }
}
