// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.io.File;
import java.util.List;
import java.util.Optional;

/**
 * Checked configuration of the engine.
 *
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param threads of one operation, 1 to 64
 * @param engine {@code auto}, {@code PyTorch} or {@code MXNet}, upper and lower case alike
 * @param cache folder for the unpacked native library; empty for DJL's own choice
 * @param library folder of an unpacked libtorch; empty for the bundled one
 * @param libraryFlavor {@code cpu} or {@code cu128}
 * @param bases folder of TorchScript files that tasks may name; empty for none
 */
public record EngineSettings(
    String device,
    int threads,
    String engine,
    String cache,
    String library,
    String libraryFlavor,
    String bases) {
  static final String PID = "org.fedwerk.learn.djl";
  static final String AUTO = "auto";
  static final String CUDA = "cuda";

  private static final int MOST_THREADS = 64;

  public EngineSettings {
    requireOneOf("device", device, List.of(AUTO, "cpu", CUDA));
    if (threads < 1 || threads > MOST_THREADS) {
      throw refusal("threads", String.valueOf(threads), "1 to " + MOST_THREADS);
    }
    if (!engine.equals(AUTO) && Framework.of(engine).isEmpty()) {
      throw refusal("engine", engine, "auto or pytorch or mxnet");
    }
    if (!library.isEmpty() && !new File(library).isDirectory()) {
      throw refusal("library", library, "an existing folder with libtorch");
    }
    if (!library.isEmpty() && Framework.of(engine).equals(Optional.of(Framework.MXNET))) {
      throw refusal("library", library, "none with engine = mxnet, since it is for libtorch");
    }
    if (!bases.isEmpty() && !new File(bases).isDirectory()) {
      throw refusal("bases", bases, "an existing folder with TorchScript files");
    }
    requireOneOf("library.flavor", libraryFlavor, List.of("cpu", "cu128"));
  }

  /** The defaults of the configuration. */
  public static EngineSettings defaults() {
    return of("PyTorch");
  }

  /**
   * The defaults with another engine.
   *
   * @param engine as in the configuration
   */
  public static EngineSettings of(String engine) {
    return new EngineSettings(AUTO, 1, engine, "", "", "cpu", "");
  }

  static EngineSettings of(Config config) {
    return new EngineSettings(
        config.device(),
        config.threads(),
        config.engine(),
        config.cache(),
        config.library(),
        config.library_flavor(),
        config.bases());
  }

  /** The engine that is named; empty if whichever is installed will do. */
  Optional<Framework> framework() {
    return Framework.of(engine);
  }

  private static void requireOneOf(String key, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw refusal(key, value, String.join(" or ", allowed));
    }
  }

  private static IllegalArgumentException refusal(String key, String value, String allowed) {
    return new IllegalArgumentException(
        PID + ": " + key + " = " + value + " is not allowed; allowed is " + allowed);
  }
}
