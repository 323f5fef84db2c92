// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a password comes from; it is read anew for every connection and shown nowhere. */
sealed interface Password {
  /**
   * The password in UTF-8; the caller clears it.
   *
   * @throws ConnectionProblem if its source cannot be read
   */
  byte[] read() throws ConnectionProblem;

  /** Given in the configuration. */
  record Given(String secret) implements Password {
    @Override
    public byte[] read() {
      return secret.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "Password[given]";
    }
  }

  /** In an environment variable. */
  record Environment(String variable) implements Password {
    @Override
    public byte[] read() throws ConnectionProblem {
      String secret = System.getenv(variable);
      if (secret == null) {
        throw ConnectionProblem.of(
            "environment variable " + variable + " of password.env is not set; set it and restart");
      }
      return secret.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** In the first line of a file. */
  record InFile(Path file) implements Password {
    @Override
    public byte[] read() throws ConnectionProblem {
      try {
        List<String> lines = Files.readAllLines(file);
        return (lines.isEmpty() ? "" : lines.get(0)).getBytes(StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw ConnectionProblem.of(
            "password.file " + file + " cannot be read; check its path and rights");
      }
    }
  }
}
