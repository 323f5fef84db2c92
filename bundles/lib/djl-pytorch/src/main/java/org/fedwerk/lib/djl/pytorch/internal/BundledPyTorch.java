// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.pytorch.internal;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngineProvider;

/** The engine of DJL, loaded with this bundle as context: DJL looks there for native libraries. */
final class BundledPyTorch implements EngineProvider {

  private final EngineProvider pyTorch = new PtEngineProvider();

  @Override
  public String getEngineName() {
    return pyTorch.getEngineName();
  }

  @Override
  public int getEngineRank() {
    return pyTorch.getEngineRank();
  }

  @Override
  public Engine getEngine() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(BundledPyTorch.class.getClassLoader());
    try {
      return pyTorch.getEngine();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
