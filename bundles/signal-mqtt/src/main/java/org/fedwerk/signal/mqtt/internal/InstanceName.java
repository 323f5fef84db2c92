// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedwerk.api.RefusedException;

/** What an instance of the factory configuration is called. */
final class InstanceName {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,60}");

  private InstanceName() {}

  /**
   * The key {@code name}; else what follows the PID in the file's name or, after a tilde, in the
   * instance's own PID.
   */
  static String of(String pid, Map<String, ?> keys) throws RefusedException {
    Object configured = keys.get("name");
    String name = configured == null ? "" : String.valueOf(configured).strip();
    if (name.isEmpty()) {
      String file = String.valueOf(keys.get("felix.fileinstall.filename"));
      Matcher inFile =
          Pattern.compile(Pattern.quote(pid) + "[-~]([^/\\\\]+)\\.(cfg|config)$").matcher(file);
      String own = String.valueOf(keys.get("service.pid"));
      if (inFile.find()) {
        name = inFile.group(1);
      } else if (own.startsWith(pid + "~")) {
        name = own.substring(pid.length() + 1);
      }
    }
    if (!ALLOWED.matcher(name).matches()) {
      throw new RefusedException(
          pid + ": name",
          "\""
              + name
              + "\" is not allowed; letters, digits, dots, dashes, at most 60; name the"
              + " file "
              + pid
              + "-<name>.cfg or set name");
    }
    return name;
  }
}
