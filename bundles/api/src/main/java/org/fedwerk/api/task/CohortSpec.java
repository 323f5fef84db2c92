// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

/**
 * Which of the ready sites take part in a round.
 *
 * @param choice how they are chosen
 * @param fraction of a random choice: part of the ready sites, above 0, at most 1; else 1
 * @param freshest of a choice by freshness: number of sites; else 0
 * @param most sites at most; 0 for any number
 */
public record CohortSpec(Choice choice, double fraction, int freshest, int most) {
  /** Every ready site. */
  public static final CohortSpec ALL = new CohortSpec(Choice.ALL, 1, 0, 0);

  /** How sites are chosen. */
  public enum Choice {
    /** All of them; chance decides where there are more than the most. */
    ALL,
    /** A part of them by chance. */
    RANDOM,
    /** Those with the most new training examples since they last contributed to a model. */
    FRESHEST
  }

  /** True if every ready site takes part, so that nobody has to choose. */
  public boolean isEverybody() {
    return choice == Choice.ALL && most == 0;
  }

  /**
   * Sites to be taken.
   *
   * @param ready sites that may be taken
   * @param least never fewer than that, as long as there are so many
   */
  public int size(int ready, int least) {
    int wanted =
        switch (choice) {
          case ALL -> ready;
          case RANDOM -> (int) Math.ceil(fraction * ready);
          case FRESHEST -> freshest;
        };
    int capped = most == 0 ? wanted : Math.min(wanted, most);
    return Math.min(ready, Math.max(least, capped));
  }
}
