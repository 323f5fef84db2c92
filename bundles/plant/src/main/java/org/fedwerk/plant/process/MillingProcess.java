// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A milling machine after the published rules of the AI4I 2020 predictive maintenance data: S.
 * Matzka, "Explainable Artificial Intelligence for Predictive Maintenance Applications", AI4I 2020,
 * doi 10.1109/AI4I49448.2020.00023. Each rule below cites it.
 *
 * <p>Where the text leaves a number open, it was chosen so that 10000 parts have the published
 * counts of failures; such numbers say so. The rules judge the part's own values; the window shows
 * them with a little noise.
 */
public final class MillingProcess implements PlantProcess {
  /** Samples per part. */
  public static final int STEPS = 8;

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final double RADIANS_PER_SECOND = 2 * Math.PI / 60;

  private static final List<ProcessSignal> SIGNALS =
      List.of(
          new ProcessSignal("air-temperature", "K"),
          new ProcessSignal("process-temperature", "K"),
          new ProcessSignal("rotational-speed", "1/min"),
          new ProcessSignal("torque", "Nm"),
          new ProcessSignal("tool-wear", "min"),
          new ProcessSignal("variant", ""));

  private final MillingProfile profile;
  private final long seed;

  /**
   * A machine.
   *
   * @param profile how it mills
   * @param seed of all that is random
   */
  public MillingProcess(MillingProfile profile, long seed) {
    this.profile = profile;
    this.seed = seed;
  }

  @Override
  public String description() {
    return "milling, profile " + profile.name() + ", seed " + seed;
  }

  @Override
  public List<ProcessSignal> signals() {
    return SIGNALS;
  }

  @Override
  public String label() {
    return "machine-failure";
  }

  @Override
  public List<String> codes() {
    return List.of("0", "1");
  }

  @Override
  public Duration step() {
    return STEP;
  }

  @Override
  public long parts() {
    return Long.MAX_VALUE;
  }

  @Override
  public Iterator<ProcessPart> iterator() {
    return new Machine(profile, seed);
  }

  /**
   * The ways in which the first parts fail, in their order; a part may fail in several.
   *
   * @param count number of parts
   */
  public List<Set<FailureMode>> failures(int count) {
    Machine machine = new Machine(profile, seed);
    return Stream.generate(
            () -> {
              machine.next();
              return machine.failures;
            })
        .limit(count)
        .toList();
  }

  /** The machine in motion: the state that one part leaves to the next. */
  private static final class Machine implements Iterator<ProcessPart> {
    /** Growth of tool wear per part of variant L, M, H, in min (Matzka 2020). */
    private static final double[] WEAR = {2, 3, 5};

    /** Wear times torque that variant L, M, H bears, in min Nm (Matzka 2020). */
    private static final double[] STRAIN = {11_000, 12_000, 13_000};

    /** Power from which the speed follows, in W (Matzka 2020). */
    private static final double POWER = 2860;

    /** Speed of the unloaded spindle, in rad/s; chosen to meet the published mean of 1539 1/min. */
    private static final double IDLE = 86;

    /** Normal noise of the speed, in 1/min; chosen to meet the published counts. */
    private static final double SPEED_NOISE = 80;

    /** Greatest speed before noise, in 1/min; chosen: the largest one published is 2886. */
    private static final double SPEED_MOST = 2550;

    /** Share of worn tools that fail before they are replaced: 46 parts of about 131 tools. */
    private static final double TOOL_FAILS = 46.0 / 131;

    private final MillingProfile profile;
    private final RandomWalk air;
    private final RandomWalk rise;
    private final Random random;
    private final Random noise;
    private long number;
    private double wear;
    private double toolLife;
    private Set<FailureMode> failures = Set.of();

    Machine(MillingProfile profile, long seed) {
      this.profile = profile;
      Random weather = new Random(seed);
      // Matzka 2020: random walks normalised to a standard deviation of 2 K and 1 K.
      air = new RandomWalk(profile.weatherParts(), 2, weather);
      rise = new RandomWalk(profile.weatherParts(), 1, weather);
      random = new Random(seed + 1);
      noise = new Random(seed + 2);
      toolLife = newToolLife();
    }

    /** Matzka 2020: a tool is replaced or fails at a random wear between 200 and 240 min. */
    private double newToolLife() {
      return profile.toolLifeFrom()
          + random.nextDouble() * (profile.toolLifeTo() - profile.toolLifeFrom());
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public ProcessPart next() {
      int variant = variant();
      // Matzka 2020: air around 300 K; process temperature 10 K above it.
      double airTemperature = 300 + profile.climate() + air.at(number);
      double difference = profile.rise() + rise.at(number);
      double torque = torque();
      double speed = speed(torque);

      EnumSet<FailureMode> modes = EnumSet.noneOf(FailureMode.class);
      boolean worn = wear >= toolLife;
      if (worn && random.nextDouble() < TOOL_FAILS) {
        modes.add(FailureMode.TOOL_WEAR);
      }
      // Matzka 2020: difference below 8.6 K and speed below 1380 1/min.
      if (difference < 8.6 && speed < 1380) {
        modes.add(FailureMode.HEAT_DISSIPATION);
      }
      // Matzka 2020: torque times angular speed below 3500 W or above 9000 W.
      double power = torque * speed * RADIANS_PER_SECOND;
      if (power < 3500 || power > 9000) {
        modes.add(FailureMode.POWER);
      }
      // Matzka 2020: wear times torque above the variant's limit.
      if (wear * torque > STRAIN[variant]) {
        modes.add(FailureMode.OVERSTRAIN);
      }
      // Matzka 2020: 0.1 % fail whatever the values.
      if (random.nextDouble() < 0.001) {
        modes.add(FailureMode.RANDOM);
      }
      failures = Set.copyOf(modes);

      ProcessPart part =
          part(variant, airTemperature, airTemperature + difference, speed, torque, wear);
      number++;
      if (worn) {
        wear = 0;
        toolLife = newToolLife();
      } else {
        wear += WEAR[variant];
      }
      return part;
    }

    private int variant() {
      double draw = random.nextDouble();
      if (draw < profile.variants().get(0)) {
        return 0;
      }
      return draw < profile.variants().get(0) + profile.variants().get(1) ? 1 : 2;
    }

    /**
     * Matzka 2020: torque normal around 40 Nm, standard deviation 10 Nm, never negative. The light,
     * heavy and slow cuts are this plant's own, none in the published profile.
     */
    private double torque() {
      double draw = random.nextDouble();
      double gauss = random.nextGaussian();
      double torque = 40 + 10 * gauss;
      if (draw < profile.lightCuts()) {
        torque = 9 + 3 * gauss;
      } else if (draw < profile.lightCuts() + profile.heavyCuts()) {
        torque = 76 + 5 * gauss;
      } else if (draw < profile.lightCuts() + profile.heavyCuts() + profile.slowCuts()) {
        torque = 54 + 4 * gauss;
      }
      return Math.max(torque, 0.1);
    }

    /** Matzka 2020: speed from a power of 2860 W, with normal noise. */
    private double speed(double torque) {
      double calm = (POWER / torque + IDLE) / RADIANS_PER_SECOND;
      return Math.min(calm, SPEED_MOST) + SPEED_NOISE * random.nextGaussian();
    }

    private ProcessPart part(
        int variant, double air, double process, double speed, double torque, double wear) {
      double[][] values = new double[SIGNALS.size()][STEPS];
      long[] offsets = new long[STEPS];
      for (int k = 0; k < STEPS; k++) {
        offsets[k] = STEP.toNanos() * k + STEP.toNanos() / 2;
        values[0][k] = rounded(air + 0.02 * noise.nextGaussian(), 100);
        values[1][k] = rounded(process + 0.02 * noise.nextGaussian(), 100);
        values[2][k] = rounded(profile.speedScale() * (speed + 5 * noise.nextGaussian()), 10);
        values[3][k] =
            rounded(profile.torqueScale() * Math.max(0, torque + 0.3 * noise.nextGaussian()), 100);
        // Wear grows while the part is made; the part's own value is the middle.
        values[4][k] =
            rounded(Math.max(0, wear + WEAR[variant] * (k - (STEPS - 1) / 2.0) / STEPS), 100);
        values[5][k] = variant;
      }
      Duration length = STEP.multipliedBy(STEPS);
      String letter = "LMH".substring(variant, variant + 1);
      Instant begin = START.plus(length.multipliedBy(number));
      return new ProcessPart(
          "%s%07d".formatted(letter, number + 1),
          letter,
          begin,
          length,
          offsets,
          values,
          Optional.of(failures.isEmpty() ? "0" : "1"),
          Optional.empty());
    }

    private static double rounded(double value, double perUnit) {
      return Math.rint(value * perUnit) / perUnit;
    }
  }
}
