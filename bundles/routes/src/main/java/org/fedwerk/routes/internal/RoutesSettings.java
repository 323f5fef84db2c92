// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the room is set to.
 *
 * @param folder of route files
 * @param retry how often routes that did not start are tried again
 * @param properties what routes may name in double braces
 */
record RoutesSettings(Path folder, Duration retry, Map<String, String> properties) {
  /** The configuration's name. */
  static final String PID = "org.fedwerk.routes";

  private static final String PROPERTY = "property.";
  private static final int MOST_RETRY = 86_400;

  /** What the framework adds by itself. */
  private static final Pattern NOT_OURS =
      Pattern.compile(
          "(service|component|felix|osgi)\\..*|.*\\.target|objectClass|folder|retry\\.seconds");

  RoutesSettings {
    properties = Map.copyOf(properties);
  }

  /**
   * As configured.
   *
   * @param base Karaf's folder
   * @throws IllegalArgumentException naming the key that is not allowed
   */
  static RoutesSettings of(Config config, Map<String, Object> all, String base) {
    Map<String, String> properties = new TreeMap<>();
    all.forEach(
        (key, value) -> {
          if (key.startsWith(PROPERTY) && key.length() > PROPERTY.length()) {
            properties.put(key.substring(PROPERTY.length()), String.valueOf(value).strip());
          } else if (!NOT_OURS.matcher(key).matches()) {
            throw new IllegalArgumentException(
                PID + ": " + key + " is not known; use folder, retry.seconds or property.<name>");
          }
        });
    int retry = config.retry_seconds();
    if (retry < 1 || retry > MOST_RETRY) {
      throw new IllegalArgumentException(
          PID
              + ": retry.seconds = \""
              + retry
              + "\" is not allowed; use a number from 1 to "
              + MOST_RETRY);
    }
    String folder = config.folder().strip();
    return new RoutesSettings(
        folder.isEmpty() ? Path.of(base, "deploy") : Path.of(folder),
        Duration.ofSeconds(retry),
        properties);
  }
}
