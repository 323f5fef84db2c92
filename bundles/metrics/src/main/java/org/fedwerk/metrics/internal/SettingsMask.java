// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Hides what in a configuration is a secret, by its key; what only names a secret stays. */
final class SettingsMask {
  static final String MASK = "*****";
  private static final Set<String> NAMES_ONLY = Set.of("file", "env");
  private static final Pattern SECRET =
      Pattern.compile("pass(word|phrase|wd)|secret|token|credential|private|api-?key");
  private static final Pattern USER_IN_ADDRESS = Pattern.compile("(://)[^/@\\s]+@");

  private SettingsMask() {}

  /** What may be shown of a setting. */
  static String shown(String key, Object value) {
    String lower = key.toLowerCase(Locale.ROOT);
    String last = lower.substring(lower.lastIndexOf('.') + 1);
    boolean secret = SECRET.matcher(lower).find() && !NAMES_ONLY.contains(last);
    if (secret || key.startsWith(".")) {
      return MASK;
    }
    return USER_IN_ADDRESS.matcher(String.valueOf(value)).replaceAll("$1" + MASK + "@");
  }
}
