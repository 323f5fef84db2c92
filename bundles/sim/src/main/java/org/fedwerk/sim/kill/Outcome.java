// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run came to.
 *
 * @param facts rounds, models and deployments with their digests, one per line
 * @param violations what must never be, in words
 * @param replies how many replies were sent
 */
public record Outcome(List<String> facts, List<String> violations, int replies) {
  public Outcome {
    facts = List.copyOf(facts);
    violations = List.copyOf(violations);
  }

  /**
   * In what it differs from the run that nobody disturbed; empty if in nothing.
   *
   * @param exact true if trainings repeat themselves, so that all digests must be equal too
   */
  public List<String> mismatches(Outcome undisturbed, boolean exact) {
    List<String> different = new ArrayList<>(violations);
    if (exact && !facts.equals(undisturbed.facts)) {
      List<String> here = new ArrayList<>(facts);
      here.removeAll(undisturbed.facts);
      List<String> missing = new ArrayList<>(undisturbed.facts);
      missing.removeAll(facts);
      different.add("has " + here + " in place of " + missing);
    }
    return different;
  }
}
