// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.api;

import ai.djl.engine.EngineProvider;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Activator of an engine's bundle: publishes the engine as a service {@link EngineProvider} with
 * the property {@code engine}, DJL's name of it. The native library is loaded when the engine is
 * first asked for, not here.
 */
public abstract class EngineBundle implements BundleActivator {

  private final EngineProvider provider;

  /**
   * For a provider of this bundle.
   *
   * @param provider of a class that this bundle holds
   */
  protected EngineBundle(EngineProvider provider) {
    this.provider = new BundledEngine(provider);
  }

  @Override
  public void start(BundleContext context) {
    EngineSlots.fill(provider);
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("engine", provider.getEngineName());
    context.registerService(EngineProvider.class, provider, properties);
  }

  @Override
  public void stop(BundleContext context) {
    // The framework has withdrawn the service already or does so next: users stopped on that.
    EngineSlots.empty(provider);
  }
}
