// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.util.List;
import java.util.Optional;

/**
 * How one plant mills. Rules and limits are the same everywhere, in the terms of the published
 * machine; a plant differs in what it makes, its climate, its spindle and how it treats its tools.
 *
 * @param name short name
 * @param variants shares of the variants L, M, H; their sum is 1
 * @param climate ambient temperature above the published 300 K, in K
 * @param rise mean of process temperature above air temperature, in K
 * @param weatherParts parts after which the random walks of the temperatures turn back; within that
 *     many parts they have their published standard deviation
 * @param lightCuts share of finishing cuts far below the usual torque
 * @param heavyCuts share of roughing cuts far above the usual torque
 * @param slowCuts share of cuts at a torque that keeps the spindle slow
 * @param toolLifeFrom least tool wear at which a tool is replaced or fails, in min
 * @param toolLifeTo greatest such wear, in min
 * @param torqueScale torque of this plant's spindle relative to the published one
 * @param speedScale speed of this plant's spindle relative to the published one
 */
public record MillingProfile(
    String name,
    List<Double> variants,
    double climate,
    double rise,
    int weatherParts,
    double lightCuts,
    double heavyCuts,
    double slowCuts,
    double toolLifeFrom,
    double toolLifeTo,
    double torqueScale,
    double speedScale) {

  /** The machine as published (Matzka 2020): 3.39 % of 10000 parts fail. */
  public static final MillingProfile PUBLISHED =
      new MillingProfile(
          "published", List.of(0.5, 0.3, 0.2), 0, 10, 10_000, 0, 0, 0, 200, 240, 1, 1);

  /** Mostly variant L, tools used to the last: overstrain is its failure. */
  public static final MillingProfile SITE_A =
      new MillingProfile(
          "a", List.of(0.75, 0.15, 0.10), -4, 10.3, 400, 0.002, 0.004, 0, 240, 310, 1, 1);

  /** Mostly variant M on a large spindle, finishing and roughing: power is its failure. */
  public static final MillingProfile SITE_B =
      new MillingProfile(
          "b", List.of(0.15, 0.70, 0.15), 1, 10.2, 400, 0.05, 0.06, 0, 170, 205, 1.4, 0.8);

  /** Mostly variant H, hot, slow cuts: heat dissipation is its failure. */
  public static final MillingProfile SITE_C =
      new MillingProfile(
          "c", List.of(0.10, 0.15, 0.75), 9, 9.6, 400, 0.002, 0.002, 0.45, 165, 200, 0.8, 1.25);

  public MillingProfile {
    variants = List.copyOf(variants);
    double sum = variants.stream().mapToDouble(Double::doubleValue).sum();
    if (variants.size() != 3 || Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException("shares of three variants, their sum is 1");
    }
    if (weatherParts < 2 || !(toolLifeFrom < toolLifeTo) || lightCuts + heavyCuts + slowCuts > 1) {
      throw new IllegalArgumentException("milling profile " + name + " is out of range");
    }
  }

  /** The profile of that name: {@code published}, {@code a}, {@code b}, {@code c}. */
  public static Optional<MillingProfile> named(String name) {
    return List.of(PUBLISHED, SITE_A, SITE_B, SITE_C).stream()
        .filter(profile -> profile.name().equals(name))
        .findFirst();
  }

  /**
   * The same plant under more or less hard use. At 0 the cuts, tool lives and cooling are the
   * published ones, so that about 3.4 % of the parts fail; at 1 it is this profile; in between and
   * beyond in proportion.
   *
   * @param stress 0 to 2
   */
  public MillingProfile stressed(double stress) {
    if (!(stress >= 0 && stress <= 2)) {
      throw new IllegalArgumentException("stress is 0 to 2, not " + stress);
    }
    return new MillingProfile(
        name,
        variants,
        climate,
        between(PUBLISHED.rise, rise, stress),
        weatherParts,
        lightCuts * stress,
        heavyCuts * stress,
        slowCuts * stress,
        between(PUBLISHED.toolLifeFrom, toolLifeFrom, stress),
        between(PUBLISHED.toolLifeTo, toolLifeTo, stress),
        torqueScale,
        speedScale);
  }

  private static double between(double from, double to, double share) {
    return from + share * (to - from);
  }
}
