// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.mxnet.internal;

import ai.djl.mxnet.engine.MxEngineProvider;
import org.fedwerk.lib.djl.api.EngineBundle;

/** Publishes MXNet. */
public final class Activator extends EngineBundle {

  public Activator() {
    super(new MxEngineProvider());
  }
}
