// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.pytorch.internal;

import ai.djl.engine.EngineProvider;
import java.util.Dictionary;
import java.util.Hashtable;
import org.fedwerk.lib.djl.api.EngineSlots;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Publishes PyTorch as a service {@link EngineProvider} with the property {@code engine=PyTorch}.
 * The native library is loaded when the engine is first asked for, not here.
 */
public final class Activator implements BundleActivator {

  private final EngineProvider provider = new BundledPyTorch();

  @Override
  public void start(BundleContext context) {
    System.setProperty("ai.djl.pytorch.native_helper", NativeLibraries.class.getName());
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
