// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.api.internal;

import org.fedwerk.lib.djl.api.EngineSlots;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Prepares DJL before the first bundle uses it. */
public final class Activator implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    EngineSlots.prepare();
  }

  @Override
  public void stop(BundleContext context) {
    // Engines leave with their own bundles.
  }
}
