// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.fedwerk.api.Digest;
import org.fedwerk.sim.fault.Weather;

/** Loses, repeats, delays, reorders and damages messages, as a seed says. */
final class RandomWeather implements Weather {
  private static final int LATE_MOST_MILLIS = 90_000;

  private final SplittableRandom random;
  private final double loss;
  private final double repeat;
  private final double late;
  private final double damage;
  private final Map<Digest, byte[]> whole = new HashMap<>();

  RandomWeather(SplittableRandom random) {
    this.random = random;
    loss = random.nextDouble(0, 0.04);
    repeat = random.nextDouble(0, 0.15);
    late = random.nextDouble(0, 0.03);
    damage = random.nextDouble(0, 0.03);
  }

  @Override
  public List<Arrival> of(String from, String to, byte[] payload) {
    List<Arrival> arrivals = new ArrayList<>();
    if (random.nextDouble() >= loss) {
      arrivals.add(arrival(payload));
    }
    while (random.nextDouble() < repeat) {
      arrivals.add(arrival(payload));
    }
    return arrivals;
  }

  private Arrival arrival(byte[] payload) {
    int millis = random.nextInt(1, 40);
    if (random.nextDouble() < late) {
      millis = random.nextInt(1000, LATE_MOST_MILLIS);
    }
    byte[] arrives = payload;
    if (random.nextDouble() < damage) {
      arrives = payload.clone();
      arrives[random.nextInt(arrives.length)] ^= 1;
      whole.put(Digest.of(arrives), payload);
    }
    return new Arrival(Duration.ofMillis(millis), arrives);
  }

  /** What a damaged payload was before; empty if it is not damaged. */
  Optional<byte[]> before(byte[] payload) {
    return Optional.ofNullable(whole.get(Digest.of(payload)));
  }
}
