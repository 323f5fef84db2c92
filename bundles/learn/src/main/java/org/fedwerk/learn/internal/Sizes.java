// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;

/** The bounds of a model's hidden layers. */
final class Sizes {
  static final String KEY = "model.hidden";
  static final int MAX_LAYERS = 16;
  static final int MAX_SIZE = 8192;

  private Sizes() {}

  static void require(List<Integer> hidden, int least) throws RefusedException {
    List<Refusal> refusals = new ArrayList<>();
    if (hidden.size() < least) {
      refusals.add(refusal("has no layer, this architecture needs at least " + least));
    }
    if (hidden.size() > MAX_LAYERS) {
      refusals.add(refusal("has " + hidden.size() + " layers, allowed are at most " + MAX_LAYERS));
    }
    for (int i = 0; i < hidden.size(); i++) {
      int size = hidden.get(i);
      if (size < 1 || size > MAX_SIZE) {
        refusals.add(
            refusal("layer " + (i + 1) + " has size " + size + ", allowed are 1 to " + MAX_SIZE));
      }
    }
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
  }

  private static Refusal refusal(String what) {
    return new Refusal(KEY, 0, what);
  }
}
