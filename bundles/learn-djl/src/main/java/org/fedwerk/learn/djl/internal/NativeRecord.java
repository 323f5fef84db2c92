// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Optional;

/**
 * What happened to an engine's native library in this JVM. It is loaded once and stays until the
 * process ends, longer than any bundle or class of ours, so the record is kept in system
 * properties.
 *
 * @param framework whose library it is
 */
record NativeRecord(Framework framework) {
  private static final String LOADED = "loaded";
  private static final String SETTINGS = "loaded-with";
  private static final String FAILED = "failed";
  private static final String RESTART = "restart-needed";

  void loaded(String description, EngineSettings settings) {
    System.setProperty(key(SETTINGS), onceRead(settings));
    System.setProperty(key(LOADED), description);
    System.clearProperty(key(FAILED));
  }

  void failed(String why) {
    System.setProperty(key(FAILED), why);
  }

  void restartNeeded(String why) {
    System.setProperty(key(RESTART), why);
  }

  /** The engine's description, once it is loaded. */
  Optional<String> description() {
    return get(LOADED);
  }

  Optional<String> failure() {
    return get(FAILED);
  }

  Optional<String> restartReason() {
    return get(RESTART);
  }

  /** True if the library was loaded with other settings of those that are read once. */
  boolean loadedOtherwise(EngineSettings settings) {
    return get(SETTINGS).filter(before -> !before.equals(onceRead(settings))).isPresent();
  }

  private Optional<String> get(String what) {
    return Optional.ofNullable(System.getProperty(key(what)));
  }

  private String key(String what) {
    return EngineSettings.PID + "." + framework.engine() + "." + what;
  }

  private static String onceRead(EngineSettings settings) {
    String bundled = "threads " + settings.threads() + ", cache \"" + settings.cache() + "\"";
    return settings.library().isEmpty()
        ? bundled
        : bundled + ", library \"" + settings.library() + "\" " + settings.libraryFlavor();
  }
}
