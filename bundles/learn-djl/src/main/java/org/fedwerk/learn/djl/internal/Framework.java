// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The engines of DJL that this room trains with. The first is taken where it does not matter. */
enum Framework {
  PYTORCH("PyTorch", "fedwerk-engine-pytorch"),
  MXNET("MXNet", "fedwerk-engine-mxnet");

  private final String engine;
  private final String feature;

  Framework(String engine, String feature) {
    this.engine = engine;
    this.feature = feature;
  }

  /** DJL's name of it, and the property {@code engine} of its provider's service. */
  String engine() {
    return engine;
  }

  /** The feature that installs it. */
  String feature() {
    return feature;
  }

  /** By name, upper and lower case alike. */
  static Optional<Framework> of(String name) {
    return Arrays.stream(values())
        .filter(each -> each.engine.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
