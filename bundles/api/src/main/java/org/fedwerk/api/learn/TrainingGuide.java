// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What guides a training besides the task's {@link TrainingSpec}. The arrays have the layout's size
 * and are not changed.
 *
 * @param anchor what {@link TrainingSpec#proximal} pulls to; null for the start vector
 * @param correction added to the gradient at every step; null for none
 * @param entries names of the layout's entries that are trained; empty for all
 * @param validation examples whose mean loss decides when to stop; null to make all epochs
 * @param patience epochs without a lower loss after which training stops, at least 1 with
 *     validation examples; the parameters of the best epoch are the result
 * @param balancedSampling true to draw each epoch's examples with every class as often as any
 *     other, with replacement; false for each example once
 */
public record TrainingGuide(
    float @Nullable [] anchor,
    float @Nullable [] correction,
    Set<String> entries,
    @Nullable LabelledInputs validation,
    int patience,
    boolean balancedSampling) {
  /** No guide. */
  public static final TrainingGuide NONE = new TrainingGuide(null, null, Set.of(), null, 0, false);

  public TrainingGuide {
    entries = Set.copyOf(entries);
  }

  /**
   * A guide that says how examples are drawn and when to stop.
   *
   * @param validation examples that decide; null to make all epochs
   */
  public static TrainingGuide of(
      @Nullable LabelledInputs validation, int patience, boolean balancedSampling) {
    return new TrainingGuide(null, null, Set.of(), validation, patience, balancedSampling);
  }

  /** True if training is as without a guide. */
  public boolean isNone() {
    return anchor == null
        && correction == null
        && entries.isEmpty()
        && validation == null
        && !balancedSampling;
  }

  /** The same with another target of the pull. */
  public TrainingGuide anchored(float[] target) {
    return new TrainingGuide(target, correction, entries, validation, patience, balancedSampling);
  }

  /** The same with a term of the gradient. */
  public TrainingGuide corrected(float[] term) {
    return new TrainingGuide(anchor, term, entries, validation, patience, balancedSampling);
  }

  /** The same for some entries alone. */
  public TrainingGuide of(Set<String> names) {
    return new TrainingGuide(anchor, correction, names, validation, patience, balancedSampling);
  }
}
