// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where state is kept and how much of it.
 *
 * @param folder folder of all state of this process
 * @param segmentBytes size at which a journal begins a new file
 * @param partsMaxBytes bound of closed parts on disk; 0 for none
 * @param partsMaxAge bound of closed parts in source time; zero for none
 * @param forceInterval time between two forces in the background
 */
public record StoreSettings(
    Path folder,
    long segmentBytes,
    long partsMaxBytes,
    Duration partsMaxAge,
    Duration forceInterval) {
  private static final String PID = "org.fedwerk.store";
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

  public StoreSettings {
    require(segmentBytes >= 4096, "segment.bytes", segmentBytes, "at least 4096");
    require(partsMaxBytes >= 0, "parts.max-bytes", partsMaxBytes, "0 (no bound) or more");
    require(!partsMaxAge.isNegative(), "parts.max-age", partsMaxAge, "0 (no bound) or more");
    require(
        forceInterval.toMillis() >= 10,
        "force.interval",
        forceInterval.toMillis(),
        "at least 10 milliseconds");
  }

  /** Default settings in a folder. */
  public static StoreSettings in(Path folder) {
    return new StoreSettings(folder, 16L << 20, 1L << 30, Duration.ZERO, Duration.ofSeconds(1));
  }

  static StoreSettings of(StoreConfig config) {
    return new StoreSettings(
        Path.of(expand(config.folder())),
        config.segment_bytes(),
        config.parts_max$_$bytes(),
        Duration.ofSeconds(config.parts_max$_$age()),
        Duration.ofMillis(config.force_interval()));
  }

  /**
   * Karaf expands properties in etc/*.cfg only, so a default taken from the metatype needs this.
   */
  private static String expand(String folder) {
    Matcher names = PROPERTY.matcher(folder);
    StringBuilder path = new StringBuilder();
    while (names.find()) {
      String value = System.getProperty(names.group(1));
      require(value != null, "folder", folder, "a path with system properties that exist");
      names.appendReplacement(path, Matcher.quoteReplacement(String.valueOf(value)));
    }
    names.appendTail(path);
    require(!path.isEmpty(), "folder", folder, "a path");
    return path.toString();
  }

  private static void require(boolean right, String key, Object value, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = " + value + " is not allowed; allowed is " + allowed);
    }
  }
}
