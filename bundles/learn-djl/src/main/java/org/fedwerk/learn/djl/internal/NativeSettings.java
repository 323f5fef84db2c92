// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import com.sun.jna.Function;

/** Settings that an engine reads when its classes and its native library load, and never again. */
final class NativeSettings {
  private static final String PYTORCH_THREADS = "ai.djl.pytorch.num_threads";
  private static final String MXNET_THREADS = EngineSettings.PID + ".MXNet.threads";

  private NativeSettings() {}

  /**
   * Sets what there is to set.
   *
   * @param isLoaded true if the library is loaded already, so that it is too late for most
   */
  static void apply(Framework framework, EngineSettings settings, boolean isLoaded) {
    // Without it class Engine calls a link-local address for telemetry.
    System.setProperty("ai.djl.offline", "true");
    if (isLoaded) {
      return;
    }
    if (!settings.cache().isEmpty()) {
      System.setProperty("DJL_CACHE_DIR", settings.cache());
    }
    switch (framework) {
      case PYTORCH -> pyTorch(settings);
      case MXNET -> mxNet(settings);
    }
  }

  private static void pyTorch(EngineSettings settings) {
    System.setProperty(PYTORCH_THREADS, String.valueOf(settings.threads()));
    if (!settings.library().isEmpty()) {
      System.setProperty("PYTORCH_LIBRARY_PATH", settings.library());
      System.setProperty("PYTORCH_FLAVOR", settings.libraryFlavor());
      // The thin library between Java and libtorch is built for exactly this one.
      System.setProperty("PYTORCH_VERSION", "2.7.1");
    }
  }

  /** MXNet's workers read their number of threads from the environment alone. */
  private static void mxNet(EngineSettings settings) {
    String threads = String.valueOf(settings.threads());
    Function.getFunction("c", "setenv").invokeInt(new Object[] {"OMP_NUM_THREADS", threads, 1});
    System.setProperty(MXNET_THREADS, threads);
  }

  /** Threads of one operation that an engine was loaded with. */
  static int threads(String engine) {
    boolean isPyTorch = engine.equals(Framework.PYTORCH.engine());
    return Integer.getInteger(isPyTorch ? PYTORCH_THREADS : MXNET_THREADS, 1);
  }
}
