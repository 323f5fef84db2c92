// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
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

  private final Framework framework;
  private final EngineSettings settings;
  private final Supplier<Engine> source;
  private final NativeRecord record;
  private @Nullable Loaded loaded;
  private @Nullable IllegalStateException failed;

  NativeEngine(Framework framework, EngineSettings settings, Supplier<Engine> source) {
    this.framework = framework;
    this.settings = settings;
    this.source = source;
    this.record = new NativeRecord(framework);
  }

  /** A usable engine, the device to use, and buffers to reach it. */
  record Loaded(
      Framework framework,
      Engine engine,
      Device device,
      NativeBuffers buffers,
      Bases bases,
      String description) {
    NDManager newManager() {
      return engine.newBaseManager(device);
    }
  }

  /**
   * The engine; loads it if need be.
   *
   * @throws IllegalStateException if it cannot be loaded, or not with the device asked for
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

  /** Gives back what was loaded for it; the native library itself stays. */
  synchronized void stop() {
    if (loaded != null) {
      loaded.bases().close();
    }
  }

  private Loaded load() {
    NativeSettings.apply(framework, settings, record.description().isPresent());
    Engine engine;
    try {
      engine = source.get();
    } catch (EngineException | IllegalStateException | IllegalArgumentException broken) {
      throw failure(broken);
    } catch (LinkageError broken) {
      throw failure(broken);
    }
    boolean isFirst = record.description().isEmpty();
    record.loaded(engine.getEngineName() + " " + engine.getVersion(), settings);
    Device device = device(engine);
    String description = description(engine, device);
    if (isFirst) {
      LOG.info("Loaded the learning engine {}", description);
    }
    boolean fellBack = settings.device().equals(EngineSettings.AUTO) && !device.isGpu();
    record.loaded(description + (fellBack ? "; no CUDA: " + found(engine) : ""), settings);
    Bases bases = new Bases(new BaseFiles(settings.bases()), engine, device);
    return new Loaded(framework, engine, device, new NativeBuffers(), bases, description);
  }

  private IllegalStateException failure(Throwable broken) {
    String message =
        "The learning engine "
            + framework.engine()
            + " cannot be loaded: "
            + broken
            + ". Install the feature "
            + framework.feature()
            + ", see that glibc is 2.29 or later and that the cache folder has 500 MB free, then"
            + " restart the process.";
    record.failed(message);
    failed = new IllegalStateException(message, broken);
    return failed;
  }

  private Device device(Engine engine) {
    boolean gpu = !settings.device().equals("cpu") && engine.getGpuCount() > 0;
    if (!gpu && settings.device().equals(EngineSettings.CUDA)) {
      throw new IllegalStateException(
          EngineSettings.PID
              + ": device = cuda cannot be had; found is "
              + found(engine)
              + ". Set device = auto or cpu, or name a libtorch for CUDA in library, with engine ="
              + " pytorch, and restart the process.");
    }
    return gpu ? Device.gpu() : Device.cpu();
  }

  /** What there is of CUDA. */
  private static String found(Engine engine) {
    String build = engine.getEngineName() + " " + engine.getVersion();
    if (!engine.hasCapability("CUDA")) {
      return build + " built for the CPU";
    }
    return build
        + " built for CUDA, "
        + (CudaUtils.hasCuda() ? CudaUtils.getGpuCount() + " GPUs" : "no CUDA runtime");
  }

  private static String description(Engine engine, Device device) {
    int threads = NativeSettings.threads(engine.getEngineName());
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
