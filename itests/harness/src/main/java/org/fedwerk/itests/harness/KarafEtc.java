// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The folder etc of an instance: settings and users. */
final class KarafEtc {
  private final Path folder;

  KarafEtc(Path folder) {
    this.folder = folder;
  }

  /** Changes the value of a key that is there. */
  void edit(String file, String key, UnaryOperator<String> change) throws IOException {
    Path path = folder.resolve(file);
    List<String> lines = new ArrayList<>();
    boolean found = false;
    for (String line : Files.readAllLines(path)) {
      if (line.matches("^" + key + " *=.*")) {
        found = true;
        lines.add(key + " = " + change.apply(line.substring(line.indexOf('=') + 1).strip()));
      } else {
        lines.add(line);
      }
    }
    if (!found) {
      throw new IOException(path + " has no key " + key);
    }
    Files.write(path, lines);
  }

  /**
   * Writes &lt;pid&gt;.cfg, whole at once.
   *
   * @param beside where it is written first; on the same device, and not watched
   */
  void configure(String pid, Map<String, String> settings, Path beside) throws IOException {
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    Path fresh = beside.resolve(pid + ".tmp");
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    Files.move(fresh, folder.resolve(pid + ".cfg"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Adds a user with roles. */
  void user(String name, String password, List<String> roles) throws IOException {
    Path users = folder.resolve("users.properties");
    Files.writeString(
        users,
        "\n" + name + " = " + password + "," + String.join(",", roles) + "\n",
        StandardOpenOption.APPEND);
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
  }
}
