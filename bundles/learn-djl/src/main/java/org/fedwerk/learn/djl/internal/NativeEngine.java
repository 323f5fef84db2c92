// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DJL's engine with its native library, loaded at the first call of {@link #get}: unpacking takes
 * seconds, which activation has not.
 */
final class NativeEngine {
  private static final Logger LOG = LoggerFactory.getLogger(NativeEngine.class);

  private final EngineSettings settings;
  private final Supplier<Engine> source;
  private @Nullable Loaded loaded;
  private @Nullable IllegalStateException failed;

  NativeEngine(EngineSettings settings, Supplier<Engine> source) {
    this.settings = settings;
    this.source = source;
  }

  /** A usable engine, the device to use, and buffers to reach it. */
  record Loaded(Engine engine, Device device, NativeBuffers buffers, String description) {
    NDManager newManager() {
      return engine.newBaseManager(device);
    }
  }

  /**
   * The engine; loads it if need be.
   *
   * @throws IllegalStateException if it cannot be loaded
   */
  synchronized Loaded get() {
    if (failed != null) {
      // Classes that failed to initialise fail for ever, with a message that hides the cause.
      throw new IllegalStateException(failed.getMessage(), failed);
    }
    if (loaded == null) {
      loaded = load();
    }
    return loaded;
  }

  private Loaded load() {
    setSystemProperties();
    try {
      Engine engine = source.get();
      Device device = device(engine);
      String description = description(engine, device);
      if (NativeRecord.description().isEmpty()) {
        LOG.info("Loaded the learning engine {}", description);
      }
      NativeRecord.loaded(description, settings);
      return new Loaded(engine, device, new NativeBuffers(), description);
    } catch (EngineException | IllegalStateException | IllegalArgumentException broken) {
      throw failure(broken);
    } catch (LinkageError broken) {
      throw failure(broken);
    }
  }

  private IllegalStateException failure(Throwable broken) {
    String message =
        "The learning engine cannot be loaded: "
            + broken
            + ". Install the feature of the engine, see that glibc is 2.29 or later and that the"
            + " cache folder has 500 MB free, then restart the process.";
    NativeRecord.failed(message);
    failed = new IllegalStateException(message, broken);
    return failed;
  }

  /** DJL reads these when its classes and the library load; later they do nothing. */
  private void setSystemProperties() {
    // Without it class Engine calls a link-local address for telemetry.
    System.setProperty("ai.djl.offline", "true");
    if (NativeRecord.description().isPresent()) {
      return;
    }
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(settings.threads()));
    if (!settings.cache().isEmpty()) {
      System.setProperty("DJL_CACHE_DIR", settings.cache());
    }
    if (!settings.library().isEmpty()) {
      System.setProperty("PYTORCH_LIBRARY_PATH", settings.library());
      System.setProperty("PYTORCH_FLAVOR", settings.libraryFlavor());
      // The thin library between Java and libtorch is built for exactly this one.
      System.setProperty("PYTORCH_VERSION", "2.7.1");
    }
  }

  private Device device(Engine engine) {
    boolean gpu = settings.device().equals("auto") && engine.getGpuCount() > 0;
    return gpu ? Device.gpu() : Device.cpu();
  }

  private static String description(Engine engine, Device device) {
    int threads = Integer.getInteger("ai.djl.pytorch.num_threads", 1);
    return engine.getEngineName()
        + " "
        + engine.getVersion()
        + " "
        + (device.isGpu() ? "gpu" + device.getDeviceId() : "cpu")
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }
}
