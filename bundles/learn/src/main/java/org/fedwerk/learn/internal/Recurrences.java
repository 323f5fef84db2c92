// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;

/** A recurrent layer per size over the steps of a window, the last step, a dense layer. */
final class Recurrences {
  private Recurrences() {}

  static Network network(Layer.Cell cell, List<Integer> hidden, int[] shape, int outputs)
      throws RefusedException {
    Sizes.require(hidden, 1);
    Blueprint blueprint = new Blueprint();
    List<Layer> layers = new ArrayList<>();
    int inputs = shape[0];
    for (int i = 0; i < hidden.size(); i++) {
      String name = cell.name().toLowerCase(Locale.ROOT) + (i + 1);
      layers.add(blueprint.place(new Layer.Recurrent(name, cell, inputs, hidden.get(i))));
      inputs = hidden.get(i);
    }
    layers.add(new Layer.LastStep());
    layers.add(blueprint.dense("dense1", inputs, outputs));
    return blueprint.network(layers, shape, outputs);
  }
}
