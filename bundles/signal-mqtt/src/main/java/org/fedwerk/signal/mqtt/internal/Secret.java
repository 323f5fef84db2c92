// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a password comes from; it is read anew for every connection and shown nowhere. */
public sealed interface Secret {
  /**
   * The password.
   *
   * @throws ConnectionProblem if its source cannot be read
   */
  String read() throws ConnectionProblem;

  /** Given in the configuration. */
  record Given(String secret) implements Secret {
    @Override
    public String read() {
      return secret;
    }

    @Override
    public String toString() {
      return "Secret[given]";
    }
  }

  /** In an environment variable. */
  record Environment(String variable) implements Secret {
    @Override
    public String read() throws ConnectionProblem {
      String secret = System.getenv(variable);
      if (secret == null) {
        throw ConnectionProblem.of(
            "environment variable " + variable + " of password.env is not set; set it and restart");
      }
      return secret;
    }
  }

  /** In the first line of a file. */
  record InFile(Path file) implements Secret {
    @Override
    public String read() throws ConnectionProblem {
      try {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "" : lines.get(0);
      } catch (IOException unreadable) {
        throw ConnectionProblem.of(
            "password.file " + file + " cannot be read; check its path and rights");
      }
    }
  }
}
