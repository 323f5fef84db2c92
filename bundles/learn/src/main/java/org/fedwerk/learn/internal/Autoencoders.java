// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.ModelSpec;

/**
 * Networks that rebuild their input through a bottleneck (Hinton and Salakhutdinov 2006): an
 * encoder and its mirror image. Relu stands between layers, but not behind the bottleneck and the
 * last layer, so that with one size the dense one spans the subspace of a principal component
 * analysis (Baldi and Hornik 1989).
 */
final class Autoencoders {
  private static final String ENCODER = "encoder";
  private static final String DECODER = "decoder";

  private Autoencoders() {}

  /** A dense layer per size, of which the last is the bottleneck, and the same back. */
  static Network dense(ModelSpec model, int[] shape) throws RefusedException {
    List<Integer> hidden = model.hidden();
    Sizes.require(hidden, 1);
    int inputs = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    int last = hidden.size() - 1;
    requireNarrow(hidden.get(last), inputs);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Flatten());
    int width = inputs;
    for (int i = 0; i <= last; i++) {
      layers.add(blueprint.dense(ENCODER + (i + 1), width, hidden.get(i)));
      width = hidden.get(i);
      reluUnless(i == last, layers);
    }
    for (int i = last; i >= 0; i--) {
      int outputs = i == 0 ? inputs : hidden.get(i - 1);
      layers.add(blueprint.dense(DECODER + (last - i + 1), width, outputs));
      width = outputs;
      reluUnless(i == 0, layers);
    }
    return blueprint.rebuilding(layers, shape);
  }

  /**
   * A convolution of stride 2 per size, so that each halves the steps; what the last one gives is
   * the bottleneck. Then a transposed convolution for each of them.
   */
  static Network convolutional(ModelSpec model, int[] shape) throws RefusedException {
    List<Integer> hidden = model.hidden();
    Convolutions.require(model);
    int last = hidden.size() - 1;
    int[] steps = new int[hidden.size() + 1];
    steps[0] = shape[1];
    for (int i = 0; i <= last; i++) {
      steps[i + 1] = (steps[i] + 1) / 2;
    }
    requireNarrow((long) hidden.get(last) * steps[last + 1], (long) shape[0] * shape[1]);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    int kernel = model.kernel();
    int channels = shape[0];
    for (int i = 0; i <= last; i++) {
      int filters = hidden.get(i);
      layers.add(
          blueprint.place(
              new Layer.Conv1d(ENCODER + (i + 1), channels, filters, kernel, 2, 1, false)));
      channels = filters;
      reluUnless(i == last, layers);
    }
    for (int i = last; i >= 0; i--) {
      int filters = i == 0 ? shape[0] : hidden.get(i - 1);
      String name = DECODER + (last - i + 1);
      layers.add(
          blueprint.place(new Layer.TransposedConv1d(name, channels, filters, kernel, steps[i])));
      channels = filters;
      reluUnless(i == 0, layers);
    }
    layers.add(new Layer.Flatten());
    return blueprint.rebuilding(layers, shape);
  }

  private static void reluUnless(boolean end, List<Layer> layers) {
    if (!end) {
      layers.add(new Layer.Relu());
    }
  }

  /** What passes whole rebuilds an abnormal part as well as a normal one. */
  private static void requireNarrow(long bottleneck, long inputs) throws RefusedException {
    if (bottleneck >= inputs) {
      throw new RefusedException(
          Sizes.KEY,
          "ends in a bottleneck of "
              + bottleneck
              + " values, and the window has "
              + inputs
              + "; take a smaller last size, or more sizes where each halves the steps");
    }
  }
}
