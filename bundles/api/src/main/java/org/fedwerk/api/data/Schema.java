// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all sites of a task agree on.
 *
 * @param name the schema's name
 * @param version counts up with every change of meaning
 * @param signals the inputs, in the order of the window's rows; none where the input is an image
 * @param window how a part becomes a window; of no meaning where the input is an image
 * @param label what is predicted
 * @param image what a part's image becomes; null where the input is a window
 * @param features what becomes of a window
 * @param regimes by which values are standardised; null for the same mean and deviation at all
 *     times
 */
public record Schema(
    String name,
    int version,
    List<SignalSpec> signals,
    WindowSpec window,
    LabelSpec label,
    @Nullable ImageSpec image,
    WindowFeatures features,
    @Nullable Regimes regimes) {
  public Schema {
    signals = List.copyOf(signals);
    if (image != null && !signals.isEmpty()) {
      throw new IllegalArgumentException("the input is a window of signals or an image");
    }
    boolean plain = features.equals(WindowFeatures.NONE);
    if (image != null && !(plain && regimes == null) || regimes != null && !plain) {
      throw new IllegalArgumentException("features, regimes and an image do not go together");
    }
  }

  /** Whose input is a window of signals. */
  public Schema(
      String name, int version, List<SignalSpec> signals, WindowSpec window, LabelSpec label) {
    this(name, version, signals, window, label, WindowFeatures.NONE, null);
  }

  /** Whose input is made of a window of signals. */
  public Schema(
      String name,
      int version,
      List<SignalSpec> signals,
      WindowSpec window,
      LabelSpec label,
      WindowFeatures features,
      @Nullable Regimes regimes) {
    this(name, version, signals, window, label, null, features, regimes);
  }

  /** Whose input is an image. */
  public static Schema ofImages(String name, int version, ImageSpec image, LabelSpec label) {
    return new Schema(
        name, version, List.of(), WindowSpec.ONE_STEP, label, image, WindowFeatures.NONE, null);
  }

  /** Shape of one input: [signals x values of each] or [channels x height x width]. */
  public int[] inputShape() {
    return image == null
        ? new int[] {signals.size(), features.columns(window.steps())}
        : image.shape();
  }

  /** Values that a part gives before features are made of them. */
  public int sampledSize() {
    return image == null ? Math.multiplyExact(signals.size(), window.steps()) : inputSize();
  }

  /** Values per input: the product of its shape. */
  public int inputSize() {
    return Arrays.stream(inputShape()).reduce(1, Math::multiplyExact);
  }
}
