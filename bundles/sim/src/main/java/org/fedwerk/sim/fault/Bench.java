// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;

/** The small task that all faults are tried on, and each site's examples for it. */
public final class Bench {
  /** Who owns the tasks; sites approve them by policy. */
  public static final String OWNER = "quality";

  /** Elements per range, so that a vector has several chunks. */
  public static final int RANGE_ELEMENTS = 8;

  /** Parts from this ordinal on are unlike those of the examples. */
  public static final long SHIFTED = 1_000_000;

  private static final int SHIFT = 500;
  private static final int[] COUNTS = {6, 3, 3};
  private static final int VALUES = 4;

  private Bench() {}

  /**
   * A task document.
   *
   * @param seed of its first parameters; another seed makes another task
   * @param rounds the lines below {@code rounds:}, without {@code metric} and {@code
   *     examples-least}
   */
  public static String task(int seed, String rounds) {
    return task(seed, rounds, "");
  }

  /**
   * A task document with more groups.
   *
   * @param groups lines at its end
   */
  public static String task(int seed, String rounds, String groups) {
    return """
        task: press
        owner: %s
        purpose: tells good parts from bad ones
        seed: %d
        schema:
          name: press
          version: 1
          signals:
            - {name: force, unit: kN, min: -1000, max: 1000}
            - {name: way, unit: mm, min: -1000, max: 1000}
          window: {steps: 2, step: 1s}
          label: {name: result, classes: [good, bad]}
        model: {architecture: mlp, hidden: [3]}
        training: {rate: 0.1, batch: 4}
        rounds: {%s, examples-least: 4}
        egress: {least-count: 2}
        %s"""
        .formatted(OWNER, seed, rounds, groups);
  }

  /** A site's examples, the same in every process. */
  public static ExampleSource examples(String site) {
    List<Example> all = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(site.hashCode());
    for (DataRole role : DataRole.values()) {
      for (int i = 0; i < COUNTS[role.ordinal()]; i++) {
        float[] values = new float[VALUES];
        for (int k = 0; k < VALUES; k++) {
          values[k] = random.nextInt(-50, 50);
        }
        all.add(
            new Example(
                role + "-" + i,
                Map.of(Example.WINDOW, new Tensor(new int[] {2, 2}, values)),
                i % 2,
                1,
                role));
      }
    }
    return new Fixed(List.copyOf(all));
  }

  /** The names of a site's examples. */
  static Set<String> serials(String site) {
    return ((Fixed) examples(site))
        .all().stream().map(Example::serial).collect(Collectors.toUnmodifiableSet());
  }

  /** Derives a window from a part's serial alone. */
  public static Derivation derivation() {
    return (schema, part) -> {
      SplittableRandom random = new SplittableRandom(part.part().serial().hashCode());
      int shift = part.part().ordinal() >= SHIFTED ? SHIFT : 0;
      float[] values = new float[VALUES];
      for (int k = 0; k < VALUES; k++) {
        values[k] = shift + random.nextInt(-50, 50);
      }
      Tensor window = new Tensor(new int[] {2, 2}, values);
      return new Derivation.Result(Optional.of(window), 0, "");
    };
  }

  /** A closed part. */
  public static PartData part(long ordinal) {
    Instant begin = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(ordinal);
    return new PartData(
        new Part("part-" + ordinal, ordinal, begin, begin.plusSeconds(1)), Map.of(), false);
  }

  private record Fixed(List<Example> all) implements ExampleSource {
    @Override
    public List<Example> examples(Schema schema) {
      return all;
    }

    @Override
    public int[] counts(Schema schema) {
      return COUNTS.clone();
    }

    @Override
    public List<Refusal> mismatches(Schema schema) {
      return List.of();
    }

    @Override
    public PartsReport report() {
      return new PartsReport(all.size(), all.size(), "", 0, 0, 0, 0, 0, List.of());
    }
  }
}
