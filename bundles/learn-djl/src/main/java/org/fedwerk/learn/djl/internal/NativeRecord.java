// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Optional;

/**
 * What happened to the native library in this JVM. It is loaded once and stays until the process
 * ends, longer than any bundle or class of ours, so the record is kept in system properties.
 */
final class NativeRecord {
  private static final String LOADED = EngineSettings.PID + ".loaded";
  private static final String SETTINGS = EngineSettings.PID + ".loaded-with";
  private static final String FAILED = EngineSettings.PID + ".failed";
  private static final String RESTART = EngineSettings.PID + ".restart-needed";

  private NativeRecord() {}

  static void loaded(String description, EngineSettings settings) {
    System.setProperty(SETTINGS, onceRead(settings));
    System.setProperty(LOADED, description);
    System.clearProperty(FAILED);
  }

  static void failed(String why) {
    System.setProperty(FAILED, why);
  }

  static void restartNeeded(String why) {
    System.setProperty(RESTART, why);
  }

  /** The engine's description, once it is loaded. */
  static Optional<String> description() {
    return Optional.ofNullable(System.getProperty(LOADED));
  }

  static Optional<String> failure() {
    return Optional.ofNullable(System.getProperty(FAILED));
  }

  static Optional<String> restartReason() {
    return Optional.ofNullable(System.getProperty(RESTART));
  }

  /** True if the library was loaded with other settings of those that are read once. */
  static boolean loadedOtherwise(EngineSettings settings) {
    String before = System.getProperty(SETTINGS);
    return before != null && !before.equals(onceRead(settings));
  }

  private static String onceRead(EngineSettings settings) {
    String bundled = "threads " + settings.threads() + ", cache \"" + settings.cache() + "\"";
    return settings.library().isEmpty()
        ? bundled
        : bundled + ", library \"" + settings.library() + "\" " + settings.libraryFlavor();
  }
}
