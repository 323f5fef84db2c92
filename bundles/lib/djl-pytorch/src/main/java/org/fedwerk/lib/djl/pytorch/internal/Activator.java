// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.pytorch.internal;

import ai.djl.pytorch.engine.PtEngineProvider;
import org.fedwerk.lib.djl.api.EngineBundle;
import org.osgi.framework.BundleContext;

/** Publishes PyTorch. */
public final class Activator extends EngineBundle {

  public Activator() {
    super(new PtEngineProvider());
  }

  @Override
  public void start(BundleContext context) {
    System.setProperty("ai.djl.pytorch.native_helper", NativeLibraries.class.getName());
    super.start(context);
  }
}
