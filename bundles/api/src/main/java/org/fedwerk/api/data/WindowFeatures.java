// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.List;

/**
 * What becomes of a window [signals x steps] before a model sees it, signal by signal. First
 * differences are taken; then, if there are bands or statistics, they stand in the place of the
 * steps, bands first.
 *
 * @param difference how many steps earlier the value is that is taken from each; the window gets
 *     shorter by as many. 0 for none
 * @param bands into how many bands of equal width the amplitudes of the discrete Fourier transform
 *     are put, those of frequency 1 to half the steps; a band has their mean. 0 for none
 * @param statistics in the order of the model's inputs; none if empty
 */
public record WindowFeatures(int difference, int bands, List<WindowStatistic> statistics) {
  /** The window as it is. */
  public static final WindowFeatures NONE = new WindowFeatures(0, 0, List.of());

  public WindowFeatures {
    statistics = List.copyOf(statistics);
    if (difference < 0 || bands < 0) {
      throw new IllegalArgumentException("differences and bands are counted from 0");
    }
  }

  /** True if a model sees values step by step. */
  public boolean keepsSteps() {
    return bands == 0 && statistics.isEmpty();
  }

  /** Most bands of a signal of so many steps: its frequencies without the mean. */
  public static int mostBands(int steps) {
    return steps / 2;
  }

  /**
   * Values per signal.
   *
   * @param steps of the window
   */
  public int columns(int steps) {
    return keepsSteps() ? steps - difference : bands + statistics.size();
  }
}
