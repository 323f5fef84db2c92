// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.api;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** An engine that is loaded with its bundle as context: DJL looks there for native libraries. */
final class BundledEngine implements EngineProvider {

  private final EngineProvider provider;

  BundledEngine(EngineProvider provider) {
    this.provider = provider;
  }

  @Override
  public String getEngineName() {
    return provider.getEngineName();
  }

  @Override
  public int getEngineRank() {
    return provider.getEngineRank();
  }

  @Override
  public Engine getEngine() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(provider.getClass().getClassLoader());
    try {
      return provider.getEngine();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
