// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.util.Set;
import org.fedwerk.sim.fault.Bench;

/**
 * What happens in a run beside the kill, so that every type of record is written in one of them.
 * All have three sites that must all answer, so whatever happens the models come out the same.
 */
public enum Scenario {
  /** Nothing. */
  PLAIN("stall: 30m"),
  /** A site is cut off in the first phase for longer than its patience. */
  STALL("stall: 10s"),
  /** A site's first training fails. */
  LEAVE("stall: 10s"),
  /** The first fold comes to nothing. */
  FOLD_FAILS("stall: 10s"),
  /** A site's first training takes longer than a phase may. */
  OVERDUE("stall: 30s, longest: 30s"),
  /** Somebody with a site's key sends a second, other reply. */
  FORGED("stall: 30m"),
  /** A second task takes the place of the first. */
  SUCCESSOR("stall: 30m"),
  /** A person pauses, resumes, aborts and retries the task. */
  ORDERS("stall: 30m"),
  /** Somebody chooses the cohort, though it is always all three. */
  CHOSEN("stall: 30m"),
  /** Each site predicts parts with the final model. */
  PREDICT("stall: 30m"),
  /** At each site a person deletes a part that it has trained with. */
  DELETE("stall: 30m"),
  /**
   * A person approves, retires and promotes a version, takes its rollout back, and lets the next
   * one out through two waves.
   */
  PROMOTE("stall: 30m"),
  /** The coordinator has an optimizer, whose state belongs to each version. */
  ADAPTIVE("stall: 30m"),
  /** Sites keep control variates and personal models. */
  PERSONAL("stall: 30m"),
  /**
   * Sites send the largest values only, keep the rest for later, and fine-tune what they deploy.
   */
  SPARSE("stall: 30m"),
  /** Sites send entries as factors, and keep what those leave out. */
  LOW_RANK("stall: 30m"),
  /** Sites learn two models, each the one that fits it. */
  CLUSTERED("stall: 30m"),
  /** The coordinator parts sites by their updates, round by round, until each has its own model. */
  SPLIT("stall: 30m"),
  /** Sites get coded changes in place of models, and make the models themselves. */
  CHANGES("stall: 30m"),
  /** Sites send entries as factors, and get coded changes in place of models. */
  LOW_RANK_CHANGES("stall: 30m"),
  /** Sites tell statistics before the first training, and all standardise by what they come to. */
  STANDARDISED("stall: 30m"),
  /**
   * When the task has ended, parts come that are like none before, and all sites ask for rounds.
   */
  DRIFT("stall: 30m"),
  /** When training has ended, models of subsets of the sites are judged. */
  CONTRIBUTION("stall: 30m");

  private static final String STAGED =
      """
      promotion: {by: person}
      rollout: {canary: [a], gate: {predictions: 2}}
      """;

  private static final String OPTIMIZED = "strategy: {optimizer: fedadam, rate: 0.05}\n";

  private final String patience;

  Scenario(String patience) {
    this.patience = patience;
  }

  private String rounds(String patience) {
    int most =
        Set.of(PROMOTE, ADAPTIVE, PERSONAL, SPARSE, LOW_RANK, CLUSTERED, SPLIT, CHANGES, LOW_RANK_CHANGES)
                .contains(this)
            ? 3
            : 2;
    return "max: "
        + most
        + ", least: "
        + most
        + ", patience: 5, cohort-least: 3, quorum: 3, "
        + patience
        + (this == CHOSEN ? ", cohort: {fraction: 1.0}" : "");
  }

  /** A task document. */
  public String task(int seed) {
    return task(seed, patience);
  }

  /**
   * A task document for a run that waits otherwise, as on the wall clock.
   *
   * @param patience the lines below {@code rounds:} that say how long what may take
   */
  public String task(int seed, String patience) {
    return Bench.task(seed, rounds(patience), groups());
  }

  private String groups() {
    return switch (this) {
      case PROMOTE -> STAGED;
      case ADAPTIVE -> OPTIMIZED;
      case PERSONAL -> "local: {scaffold: on, ditto: 0.1}\n";
      case SPARSE ->
          "compression: {values: top-k, share: 0.3, precision: int8, deflate: on}\n"
              + "local: {fine-tune: {layers: 1, rate: 0.1}}\n";
      case LOW_RANK -> "compression: {values: low-rank, rank: 1, precision: int8, zstd: on}\n";
      case CLUSTERED -> "local: {clusters: 2}\n";
      case SPLIT -> "local: {clusters: 3, split: {mean: 1, largest: 0.001, similarity: 1}}\n";
      case CHANGES ->
          OPTIMIZED
              + "compression: {precision: int8, down: {values: top-k, share: 0.4, precision: int8,"
              + " zstd: on}}\n";
      case LOW_RANK_CHANGES ->
          OPTIMIZED
              + "compression: {values: low-rank, rank: 1, precision: int8, down: {values: top-k,"
              + " share: 0.4, precision: int8, zstd: on}}\n";
      case STANDARDISED -> "normalisation: federated\n";
      case DRIFT -> "drift: {method: ks, significance: 0.01, window: 12, rounds: 1}\n";
      case CONTRIBUTION -> "contribution: {of: [leave-one-out, shapley, matrix]}\n";
      default -> "";
    };
  }
}
